import type { Page } from "playwright-core";
import { z } from "zod";

// Colors that are mixed, or let something through, are drawn to see what comes of them.
const FAINT_TEXTS = `(() => {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 1;
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  const draw = (color, opacity = 1) => {
    pen.globalAlpha = opacity;
    pen.fillStyle = color;
    pen.fillRect(0, 0, 1, 1);
    return [...pen.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  const luminance = (color) => {
    const [x, y, z] = color.map((part) => part / 255).map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const drawBehind = (element) => {
    const around = [];
    for (let one = element; one; one = one.parentElement) around.unshift(getComputedStyle(one).backgroundColor);
    return ["white", ...around].map((color) => draw(color)).at(-1);
  };
  const opacityOf = (element) => (element ? Number(getComputedStyle(element).opacity) * opacityOf(element.parentElement) : 1);
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const faint = [];
  let count = 0;
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement;
    if (!texts.currentNode.data.trim() || !element.checkVisibility() || element.closest(".sr, title")) continue;
    const style = getComputedStyle(element);
    const behind = luminance(drawBehind(element));
    const text = luminance(draw(element.closest("svg text") ? style.fill : style.color, opacityOf(element)));
    const contrast = (Math.max(text, behind) + 0.05) / (Math.min(text, behind) + 0.05);
    count += 1;
    if (contrast < 4.5) faint.push(contrast.toFixed(2) + " " + texts.currentNode.data.trim().slice(0, 40));
  }
  return { count, faint };
})()`;

const faintSchema = z.object({ count: z.number(), faint: z.array(z.string()) });

/** Reads how many texts a page shows, and which of them have a contrast below the 4.5 that WCAG AA wants. */
export async function readFaintTexts(page: Page): Promise<z.infer<typeof faintSchema>> {
  return faintSchema.parse(await page.evaluate(FAINT_TEXTS));
}
