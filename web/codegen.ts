import { existsSync } from "node:fs";

import type { CodegenConfig } from "@graphql-codegen/cli";

const exportedByServer = "../src/modelwatch/server/schema.graphql";
const schema = process.env["SCHEMA"] ?? (existsSync(exportedByServer) ? exportedByServer : "schema.graphql");

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
        scalars: { DateTime: "string" },
      },
    },
  },
};

export default config;
