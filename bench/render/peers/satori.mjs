import { Resvg } from "@resvg/resvg-js";
import satori from "satori";
import { avatar, font, serve } from "./serve.mjs";
import { GRADIENT, dataUrl, qr, rating } from "./parts.mjs";

const fonts = [{ name: "Inter", data: font, weight: 600, style: "normal" }];
const photo = "data:image/jpeg;base64," + avatar.toString("base64");
const at = (left, top, width, height) => ({ position: "absolute", left, top, width, height });
const box = (style, children) => ({ type: "div", props: { style: { display: "flex", ...style }, children } });
const picture = (src, width, height, style) => ({ type: "img", props: { src, width, height, style } });

await serve(async (card) => {
  const svg = await satori(
    box({ width: 1200, height: 630, position: "relative", backgroundImage: GRADIENT, fontFamily: "Inter" }, [
      box({ ...at(72, 64, 700, 32), fontSize: 22, letterSpacing: 3, color: "#ffffffcc" }, "THE DARKROOM JOURNAL"),
      box({ ...at(72, 116, 1056, 240), fontSize: 66, lineHeight: 1.15, color: "#fff" }, card.headline),
      picture(photo, 120, 120, {
        ...at(72, 438, 120, 120),
        objectFit: "cover",
        borderRadius: 60,
        border: "4px solid #fff",
      }),
      box({ ...at(216, 446, 500, 40), fontSize: 32, color: "#fff" }, "Maya Lindqvist"),
      picture(dataUrl(rating(card.rating, 230, 44)), 230, 44, at(216, 502, 230, 44)),
      picture(dataUrl(qr(card.link, 168)), 168, 168, at(960, 390, 168, 168)),
    ]),
    { width: 1200, height: 630, fonts },
  );
  return new Resvg(svg).render().asPng();
});
