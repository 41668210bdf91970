import { render } from "page-template";

export const page = (items) => render("shop", { items });
