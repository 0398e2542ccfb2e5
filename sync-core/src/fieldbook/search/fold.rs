//! Folding: two ways of typing the same thing become the same string.

/// `text` as it is compared.
///
/// | What | Becomes |
/// | --- | --- |
/// | capital letters | small ones |
/// | full-width ASCII `１２号Ａ座` | half-width `12号a座` |
/// | white space, also between words | nothing |
/// | punctuation `阿不都·热合曼` `12-3号` `(南京东路)` | nothing |
///
/// People leave out spaces and marks, or type other ones than the sign has; so they count for
/// nothing, and `12-3` is found by `123` too: one hit too many does no harm, one missing does.
/// Everything else stays: Chinese numerals, 甲乙, traditional and simplified forms, characters
/// beyond the basic plane and in the private use area (rare names are written with both).
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.chars().map(half_width).filter(|c| !is_left_out(*c)) {
        if c.is_ascii() {
            folded.push(c.to_ascii_lowercase());
        } else {
            folded.extend(c.to_lowercase());
        }
    }
    folded
}

/// The ASCII character that a full-width one stands for.
fn half_width(c: char) -> char {
    match c {
        '！'..='～' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        _ => c,
    }
}

/// White space, control characters, punctuation and variation selectors.
fn is_left_out(c: char) -> bool {
    if c.is_ascii() {
        return !c.is_ascii_alphanumeric();
    }
    c.is_whitespace()
        || c.is_control()
        || matches!(c,
            '\u{AD}' | '\u{B7}' | '\u{FEFF}'    // soft hyphen, middle dot, byte order mark
            | '\u{2000}'..='\u{206F}'           // dashes, quotes, bullets, zero-width characters
            | '\u{3000}'..='\u{3003}'           // 、。〃; then 々〆〇, which are kept
            | '\u{3008}'..='\u{301F}'           // 〈〉《》「」【】〔〕
            | '\u{3030}' | '\u{30FB}'           // wavy dash, katakana middle dot
            | '\u{FE00}'..='\u{FE0F}'           // variation selectors
            | '\u{FE10}'..='\u{FE1F}' | '\u{FE30}'..='\u{FE6F}' // vertical and small forms
            | '\u{FF5F}'..='\u{FF65}'           // full-width brackets, half-width 。「」、・
            | '\u{E0100}'..='\u{E01EF}') // variation selectors of ideographs
}
