"""Words in many scripts, and words that are hardly any."""

WRITTEN = {
    "latin": "A red bicycle leaning against a wall",
    "accents": "Über Ärger: ÉCLAIR à la crème brûlée",
    "cyrillic": "Кот учёный ходит по цепи кругом",
    "greek": "Γάτα κοιμάται στην Αθήνα, ένα ζεστό βράδυ",
    "arabic": "قطة تجلس على الشاطئ عند الغروب",
    "hebrew": "חתול יושב על הגג בירושלים",
    "devanagari": "समुद्र के किनारे एक बिल्ली",
    "chinese": "一只熊猫在竹林里吃竹子",
    "japanese": "猫が海辺で眠っている、夕暮れの光の中で",
    "korean": "해변에서 자는 고양이",
    "emoji": "🦄🌈",
    "both ways": "Hello مرحبا 2026 שלום world",
    "one word": "pizza",
    "one long word": "Donaudampfschifffahrtsgesellschaftskapitän",
    "no spaces": "x" * 2_000,
    "very long": "The quick brown fox jumps over the lazy dog, again and again. " * 60,
    "punctuation": "?!…",
    "lines": "First line\nSecond line\n\n\nThird",
}
UNSEEN = ("", " \t\n", "\x00\x1b\x7f", "\u200b\u200f\ufeff", "\ud800")
