export { cutTail, cutText, headOfText } from "./cut-text.js";
