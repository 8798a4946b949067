"""What text looks like, script by script and feature by feature, held by pictures somebody has looked at."""

# ruff: noqa: RUF001 - scripts other than Latin are what this is about

from __future__ import annotations

from typing import Any

import pytest

from tests.harness.goldens import assert_looks_like
from tests.unit.renderer.text_drawing import drawn, words

# The first article of the Declaration of Human Rights, for the most part; three lines of each.
SENTENCES = {
    "thai": "มนุษย์ทั้งหลายเกิดมามีอิสระและเสมอภาคกันในเกียรติศักดิ์และสิทธิ ๒๕๖๙",
    "lao": "ມະນຸດທຸກຄົນເກີດມາມີກຽດສັກສີ ສິດທິ ເສລີພາບແລະຄວາມສະເໝີພາບເທົ່າທຽມກັນ",
    "khmer": "មនុស្សទាំងអស់កើតមកមានសេរីភាពនិងសមភាពក្នុងសេចក្តីថ្លៃថ្នូរនិងសិទ្ធិ។ ២០២៦",
    "burmese": "လူတိုင်းသည် တူညီလွတ်လပ်သော ဂုဏ်သိက္ခာဖြင့်လည်းကောင်း၊ အခွင့်အရေးများဖြင့်လည်းကောင်း မွေးဖွားလာသည်။",
    "bengali": "সমস্ত মানুষ স্বাধীনভাবে সমান মর্যাদা এবং অধিকার নিয়ে জন্মগ্রহণ করে। ২০২৬",
    "tamil": "மனிதப் பிறவியினர் சகலரும் சுதந்திரமாகவே பிறக்கின்றனர்; உரிமைகளில் சமமானவர்கள்.",
    "telugu": "ప్రతిపత్తిస్వత్వముల విషయమున మానవులెల్లరును జన్మతః స్వతంత్రులును సమానులును నగుదురు.",
    "kannada": "ಎಲ್ಲಾ ಮಾನವರೂ ಸ್ವತಂತ್ರರಾಗಿಯೇ ಹುಟ್ಟಿದ್ದಾರೆ ಹಾಗೂ ಘನತೆ ಮತ್ತು ಹಕ್ಕುಗಳಲ್ಲಿ ಸಮಾನರಾಗಿದ್ದಾರೆ.",
    "malayalam": "മനുഷ്യരെല്ലാവരും തുല്യാവകാശങ്ങളോടും അന്തസ്സോടും സ്വാതന്ത്ര്യത്തോടുംകൂടി ജനിച്ചവരാണ്.",
    "gujarati": "પ્રતિષ્ઠા અને અધિકારોની દૃષ્ટિએ સર્વ માનવો જન્મથી સ્વતંત્ર અને સમાન હોય છે.",
    "punjabi": "ਸਾਰਾ ਮਨੁੱਖੀ ਪਰਿਵਾਰ ਆਪਣੀ ਮਹਿਮਾ, ਸ਼ਾਨ ਅਤੇ ਹੱਕਾਂ ਦੇ ਪੱਖੋਂ ਜਨਮ ਤੋਂ ਹੀ ਆਜ਼ਾਦ ਹੈ।",
    "odia": "ସବୁ ମନୁଷ୍ୟ ଜନ୍ମକାଳରୁ ସ୍ୱାଧୀନ ଏବଂ ମର୍ଯ୍ୟାଦା ଓ ଅଧିକାରରେ ସମାନ ଅଟନ୍ତି।",
    "sinhala": "සියලු මනුෂ්‍යයෝ නිදහස්ව උපත ලබා ඇත. ශ්‍රී ලංකාව, ගරුත්වයෙන් හා අයිතිවාසිකම්වලින් සමාන වෙති.",
    "georgian": "ყველა ადამიანი იბადება თავისუფალი და თანასწორი თავისი ღირსებითა და უფლებებით.",
    "armenian": "Բոլոր մարդիկ ծնվում են ազատ ու հավասար իրենց արժանապատվությամբ ու իրավունքներով։",
    "amharic": "የሰው፡ልጅ፡ሁሉ፡ሲወለድ፡ነጻና፡በክብርና፡በመብትም፡እኩልነት፡ያለው፡ነው። ሰላም ለዓለም",
    "tibetan": "འགྲོ་བ་མིའི་རིགས་རྒྱུད་ཡོངས་ལ་སྐྱེས་ཙམ་ཉིད་ནས་ཆེ་མཐོངས་དང༌། ཐོབ་ཐང་གི་རང་དབང་འདྲ་མཉམ་དུ་ཡོད།",
    "mongolian": "ᠬᠦᠮᠦᠨ ᠪᠦᠷ ᠲᠥᠷᠥᠵᠦ ᠮᠡᠨᠳᠡᠯᠡᠬᠦ ᠡᠷᠬᠡ ᠴᠢᠯᠥᠭᠡ ᠲᠡᠢ᠂ ᠠᠳᠠᠯᠢᠬᠠᠨ ᠨᠡᠷ᠎ᠡ ᠲᠥᠷᠥ ᠲᠡᠢ᠃",
    "dhivehi": "ހުރިހާ އިންސާނުން ވެސް އުފަންވަނީ، މިނިވަންކަމުގައި، ހަމަހަމަ ޙައްޤުތަކެއް ލިބިގެންވާ ގޮތުގައެވެ.",
    "persian": "تمام افراد بشر آزاد به دنیا می‌آیند و از لحاظ حیثیت و حقوق با هم برابرند ۱۴۰۵",
    "urdu": "تمام انسان آزاد اور حقوق و عزت کے اعتبار سے برابر پیدا ہوئے ہیں۔ گھر ٹھیک ہے",
    "bopomofo": "ㄖㄣˊ ㄖㄣˊ ㄕㄥ ㄦˊ ㄗˋ ㄧㄡˊ，ㄗㄞˋ ㄗㄨㄣ ㄧㄢˊ ㄏㄢˋ ㄑㄩㄢˊ ㄌㄧˋ",
    "small-languages": "Аԥсуа бызшәа, Ꞌaꞌa ʻŌlelo Hawaiʻi, Ŋanyi Ɛ̃kɛ̃, a̱b̲c̠ ᶭ ⱪ ꞵ ﬃ, Ԥсны́ ⁊ ⸗",
}
SCRIPTS = SENTENCES | {
    "latin": "Sphinx of black quartz, judge my vow: “Ægir Łódź façade”, 1,234.50 €",
    "cyrillic": "Съешь же ещё этих мягких французских булок да выпей чаю",
    "greek": "Ξεσκεπάζω την ψυχοφθόρα βδελυγμία, ᾄδουσα ᾠδήν",
    "vietnamese": "Chữ Việt: những điều kỳ diệu, ngưỡng cửa tương lai",
    "chinese": "图书馆在周一至周五开放，周末休息。「直接骨令」",
    "japanese": "日本語の文章：カタカナとひらがな、直接骨令。",
    "korean": "다람쥐 헌 쳇바퀴에 타고파. 한국어 글꼴",
    "arabic": "نَصٌّ حكيم له سر قاطع وذو شأن عظيم ٢٠٢٦، لا إله",
    "hebrew": "דג סקרן שט בים מאוכזב ולפתע מצא חברה, שָׁלוֹם",
    "devanagari": "ऋषियों को सताने वाले दुष्ट राक्षसों के राजा, क्षत्रिय श्रृंखला",
    "emoji": "😀🎉🚀 👨‍👩‍👧‍👦👩🏽‍🚀 🇩🇪🇯🇵🏴󠁧󠁢󠁳󠁣󠁴󠁿 👍🏽👍🏿 ❤️❤︎ ☎️☎︎ 1️⃣ 🌡 ⭐✅",
    "symbols": "→ ↗ ⇄ ★ ☆ ✓ ✔ ✗ ♥ ♠ ☀ ∞ ≠ ≤ ∑ √ ∫ ① Ⅷ ½ ₹ ₿ ₽ ₴ ₩ © ® ™ ° 𝒜 𝔹",
    "bidi": "Book (ספר) costs 45% of مثال \u200e(1,200 ل.س), ok?",
    "bidi-rtl": "مرحبا Hello 2026! السعر \u200f$12.50 (USD) שלום",
}


@pytest.mark.parametrize("script", SCRIPTS)
@pytest.mark.parametrize("weight", [400, 800])
def test_every_script_is_set_as_its_readers_expect(script: str, weight: int) -> None:
    element = words(fontWeight=weight, fontSize=30, height=150 if script in SENTENCES else 100)
    assert_looks_like(drawn(SCRIPTS[script], element), f"script-{script}-{weight}")


LONG = "Ship your launch cards in milliseconds, not minutes, and never touch a design tool again"
FAMILIES = "Hamburgefonts 0123 Кириллица ελληνικά"
SHADOW = {"color": "#1d4ed8cc", "x": 4, "y": 6, "blur": 10}
FEATURES: dict[str, tuple[str, dict[str, Any]]] = {
    "inter": (FAMILIES, {"fontFamily": "Inter", "fontWeight": 600}),
    "inter-italic": (FAMILIES, {"fontFamily": "Inter", "fontStyle": "italic"}),
    "playfair": (FAMILIES, {"fontFamily": "Playfair Display", "fontWeight": 900}),
    "playfair-italic": (FAMILIES, {"fontFamily": "Playfair Display", "fontStyle": "italic"}),
    "anton": (FAMILIES, {"fontFamily": "Anton"}),
    "anton-italic": (FAMILIES, {"fontFamily": "Anton", "fontStyle": "italic"}),
    "mono": ("let x != y => 0; Кириллица", {"fontFamily": "JetBrains Mono", "fontSize": 24}),
    "weights-thin": ("Weight one hundred", {"fontWeight": 100}),
    "weights-black": ("Weight nine hundred", {"fontWeight": 900}),
    "align-left": (LONG, {"align": "left", "fontSize": 22}),
    "align-center": (LONG, {"align": "center", "fontSize": 22}),
    "align-right": (LONG, {"align": "right", "fontSize": 22}),
    "align-justify": (LONG, {"align": "justify", "fontSize": 22}),
    "align-justify-cjk": (SCRIPTS["chinese"] * 3, {"align": "justify", "fontSize": 23}),
    "align-justify-arabic": (SCRIPTS["arabic"] * 2, {"align": "justify", "fontSize": 24}),
    "align-start-rtl": (SCRIPTS["hebrew"], {"align": "start", "fontSize": 26}),
    "align-end-rtl": (SCRIPTS["hebrew"], {"align": "end", "fontSize": 26}),
    "direction-rtl": ("Latin words, set rtl!", {"direction": "rtl"}),
    "direction-ltr": ("עברית, ltr!", {"direction": "ltr"}),
    "vertical-middle": ("In the middle", {"verticalAlign": "middle", "align": "center"}),
    "vertical-bottom": ("At the\nbottom", {"verticalAlign": "bottom", "align": "center"}),
    "long-word": ("Donaudampfschifffahrtsgesellschaftskapitänsmütze", {}),
    "newlines": ("One\n\nThree", {"fontSize": 26}),
    "no-wrap": (LONG, {"wrap": False}),
    "ellipsis": (LONG, {"maxLines": 2}),
    "ellipsis-rtl": (SCRIPTS["arabic"] * 3, {"maxLines": 1}),
    "ellipsis-emoji": ("👨‍👩‍👧‍👦" * 30, {"maxLines": 1}),
    "shrunk": (LONG, {"fontSize": 64, "minFontSize": 10}),
    "line-height": (LONG, {"fontSize": 20, "lineHeight": 1.8}),
    "letter-spacing": ("Office waffles\nمرحبا بالعالم", {"letterSpacing": 8, "align": "center"}),
    "letter-spacing-tight": ("Office waffles", {"letterSpacing": -2.5, "fontSize": 56, "fontWeight": 800}),
    "uppercase": ("straße, ﬁn, ελλάς", {"textTransform": "uppercase"}),
    "capitalize": ("don’t stop-me now, élan", {"textTransform": "capitalize"}),
    "shadow-blurred": ("Shadow", {"fontSize": 72, "fontWeight": 800, "shadow": SHADOW}),
    "shadow-sharp": ("Shadow", {"fontSize": 72, "fontWeight": 800, "shadow": SHADOW | {"blur": 0}}),
    "shadow-emoji": ("Sale 🎉🔥", {"fontSize": 64, "fontWeight": 800, "shadow": SHADOW}),
    "background": (
        "A box behind\nits lines",
        {"background": {"color": "#fde047", "padding": 8, "radius": 14}, "align": "center", "fontSize": 28},
    ),
    "unknown": ("before ꦗꦮ 𒀀 after", {}),
    "color": ("Half see-through", {"color": "#be185d80", "fontSize": 48, "fontWeight": 700}),
}


@pytest.mark.parametrize("feature", FEATURES)
def test_every_feature_looks_as_it_should(feature: str) -> None:
    text, fields = FEATURES[feature]
    assert_looks_like(drawn(text, words(**fields)), f"text-{feature}")
