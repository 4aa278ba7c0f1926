import type { CodegenConfig } from "@graphql-codegen/cli";

/** The server exports its own schema; that file is the truth, and a diff in what is generated from it fails CI. */
const schema = process.env["SCHEMA"] ?? "../src/modelwatch/server/schema.graphql";

const config: CodegenConfig = {
  schema,
  documents: ["src/**/*.{ts,tsx}", "!src/graphql/**", "!src/**/*.test.*"],
  generates: {
    "src/graphql/": {
      preset: "client",
      presetConfig: { fragmentMasking: false },
      config: {
        documentMode: "string",
        enumsAsTypes: true,
        skipTypename: true,
        avoidOptionals: { field: true, inputValue: false, object: true, defaultValue: false },
        useTypeImports: true,
        strictScalars: true,
        scalars: { DateTime: "string", JSON: "Record<string, unknown>" },
      },
    },
  },
};

export default config;
