import { chromium } from "playwright-core";
import { avatar, font, inputs, serve } from "./serve.mjs";
import { GRADIENT, qr, rating } from "./parts.mjs";

const browser = await chromium.launch({
  executablePath: inputs.chromium,
  args: ["--no-sandbox", "--disable-gpu", "--hide-scrollbars"],
});
const page = await browser.newPage({ viewport: { width: 1200, height: 630 } });
await page.setContent(`<style>
  @font-face { font-family: Inter; src: url(data:font/ttf;base64,${font.toString("base64")}); }
  body { margin: 0; width: 1200px; height: 630px; background: ${GRADIENT}; font: 600 32px Inter; color: #fff; }
  body > * { position: absolute; }
</style>
<div style="left:72px;top:64px;font-size:22px;letter-spacing:3px;color:#ffffffcc">THE DARKROOM JOURNAL</div>
<div id="headline" style="left:72px;top:116px;width:1056px;font-size:66px;line-height:1.15"></div>
<img src="data:image/jpeg;base64,${avatar.toString("base64")}" style="left:72px;top:438px;width:112px;height:112px;
  border:4px solid #fff;border-radius:50%;object-fit:cover">
<div style="left:216px;top:446px">Maya Lindqvist</div>
<div id="rating" style="left:216px;top:502px"></div><div id="qr" style="left:960px;top:390px"></div>`);
await page.evaluate(() => document.fonts.ready.then(() => undefined));

await serve(
  async (card) => {
    await page.evaluate(
      ([headline, stars, code]) => {
        document.getElementById("headline").textContent = headline;
        document.getElementById("rating").innerHTML = stars;
        document.getElementById("qr").innerHTML = code;
      },
      [card.headline, rating(card.rating, 230, 44), qr(card.link, 168)],
    );
    return page.screenshot({ type: "png" });
  },
  () => browser.close(),
);
