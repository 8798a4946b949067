// The card's drawn parts, as SVG, for the peers that have neither a QR element nor a rating.
import { encode } from "uqr";

const STAR = Array.from({ length: 10 }, (_, i) => {
  const radius = i % 2 ? 0.47 : 1;
  const turn = (i * Math.PI) / 5;
  return [radius * Math.sin(turn), -radius * Math.cos(turn)];
});

export function qr(text, side) {
  const { data, size } = encode(text, { ecc: "M", border: 2 });
  let path = "";
  for (let y = 0; y < size; y++)
    for (let x = 0; x < size; x++) if (data[y][x]) path += `M${x} ${y}h1v1h-1z`;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${side}" height="${side}" viewBox="0 0 ${size} ${size}" ` +
    `shape-rendering="crispEdges"><path fill="#fff" d="M0 0h${size}v${size}h-${size}z"/><path d="${path}"/></svg>`
  );
}

export function rating(value, width, height) {
  const gap = 4;
  const side = Math.min(height, (width - 4 * gap) / 5);
  const scale = side / 2 / Math.sin((2 * Math.PI) / 5);
  let stars = "";
  for (let i = 0; i < 5; i++) {
    const points = STAR.map(([x, y]) => `${side / 2 + i * (side + gap) + x * scale},${height / 2 + y * scale}`);
    const part = Math.min(1, Math.max(0, value - i));
    const fill = part === 1 ? "#fbbf24" : part === 0 ? "#ffffff40" : "url(#part)";
    if (part > 0 && part < 1)
      stars +=
        `<defs><linearGradient id="part"><stop offset="${part}" stop-color="#fbbf24"/>` +
        `<stop offset="${part}" stop-color="#fff" stop-opacity=".25"/></linearGradient></defs>`;
    stars += `<polygon points="${points.join(" ")}" fill="${fill}"/>`;
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${stars}</svg>`;
}

export const dataUrl = (svg) => "data:image/svg+xml;base64," + Buffer.from(svg).toString("base64");
export const GRADIENT = "linear-gradient(135deg, #1e1b4b 0%, #6d28d9 55%, #db2777 100%)";
