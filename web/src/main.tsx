import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

// The base comes first, so that what a component says of itself wins.
import "./fonts.css";
import "./tokens.css";
import "./base.css";

import { App } from "./App";

const root = document.getElementById("root");
if (root)
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
