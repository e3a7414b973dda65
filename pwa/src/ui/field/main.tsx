import "../styles/tokens.css";
import "../styles/base.css";
import { render } from "preact";

const root = document.getElementById("app");
if (root) render(<h1>Trygghetsvandring</h1>, root);
