import { Renderer } from "@takumi-rs/core";
import { avatar, font, serve } from "./serve.mjs";
import { GRADIENT, dataUrl, qr, rating } from "./parts.mjs";

const renderer = new Renderer();
await renderer.registerFont({ name: "Inter", data: font, weight: 600 });
const images = [{ src: "avatar", data: avatar }];
const at = (left, top, width, height) => ({ position: "absolute", left, top, width, height });
const words = (text, place, fontSize, color, more = {}) => ({
  type: "text",
  text,
  style: { ...place, fontFamily: "Inter", fontWeight: 600, fontSize, color, ...more },
});

await serve((card) =>
  renderer.render(
    {
      type: "container",
      style: { width: 1200, height: 630, position: "relative", backgroundImage: GRADIENT },
      children: [
        words("THE DARKROOM JOURNAL", at(72, 64, 700, 32), 22, "#ffffffcc", { letterSpacing: 3 }),
        words(card.headline, at(72, 116, 1056, 240), 66, "#ffffff", { lineHeight: 1.15 }),
        {
          type: "image",
          src: "avatar",
          style: { ...at(72, 438, 120, 120), objectFit: "cover", borderRadius: 60, border: "4px solid #fff" },
        },
        words("Maya Lindqvist", at(216, 446, 500, 40), 32, "#ffffff"),
        { type: "image", src: dataUrl(rating(card.rating, 230, 44)), style: at(216, 502, 230, 44) },
        { type: "image", src: dataUrl(qr(card.link, 168)), style: at(960, 390, 168, 168) },
      ],
    },
    { width: 1200, height: 630, format: "png", images },
  ),
);
