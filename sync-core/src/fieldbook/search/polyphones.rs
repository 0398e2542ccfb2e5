//! Characters whose readings begin with different letters.

/// Character, first letter of the reading in the pinyin table, first letter of the other one that
/// people use in names of persons, shops and streets. Sorted by character.
#[rustfmt::skip]
pub(super) const POLYPHONES: &[(char, u8, u8)] = &[
    ('乐', b'l', b'y'), ('乘', b'c', b's'), ('乜', b'm', b'n'), ('乾', b'q', b'g'),
    ('仇', b'c', b'q'), ('会', b'h', b'k'), ('传', b'c', b'z'), ('伺', b'c', b's'),
    ('伽', b'g', b'j'), ('侧', b'c', b'z'), ('便', b'b', b'p'), ('係', b'x', b'j'),
    ('俞', b'y', b's'), ('倘', b't', b'c'), ('側', b'c', b'z'), ('傳', b'c', b'z'),
    ('刨', b'p', b'b'), ('剿', b'j', b'c'), ('匙', b's', b'c'), ('区', b'q', b'o'),
    ('區', b'q', b'o'), ('卒', b'z', b'c'), ('单', b'd', b's'), ('卡', b'k', b'q'),
    ('厦', b's', b'x'), ('参', b'c', b's'), ('參', b'c', b's'), ('召', b'z', b's'),
    ('吁', b'x', b'y'), ('吓', b'x', b'h'), ('呆', b'd', b'a'), ('咀', b'j', b'z'),
    ('咖', b'k', b'g'), ('咯', b'g', b'l'), ('單', b'd', b's'), ('嚣', b'x', b'a'),
    ('囤', b'd', b't'), ('圈', b'q', b'j'), ('圩', b'w', b'x'), ('埔', b'p', b'b'),
    ('堡', b'b', b'p'), ('壳', b'k', b'q'), ('夹', b'j', b'g'), ('夾', b'j', b'g'),
    ('奇', b'q', b'j'), ('宓', b'm', b'f'), ('宿', b's', b'x'), ('射', b's', b'y'),
    ('尉', b'w', b'y'), ('尾', b'w', b'y'), ('属', b's', b'z'), ('屬', b's', b'z'),
    ('屯', b't', b'z'), ('峙', b'z', b's'), ('巷', b'x', b'h'), ('幢', b'c', b'z'),
    ('廈', b's', b'x'), ('弄', b'n', b'l'), ('強', b'q', b'j'), ('弹', b'd', b't'),
    ('强', b'q', b'j'), ('彈', b'd', b't'), ('恶', b'e', b'w'), ('惡', b'e', b'w'),
    ('扁', b'b', b'p'), ('折', b'z', b's'), ('提', b't', b'd'), ('於', b'y', b'w'),
    ('晟', b'c', b's'), ('暴', b'b', b'p'), ('曾', b'c', b'z'), ('會', b'h', b'k'),
    ('朝', b'c', b'z'), ('术', b's', b'z'), ('枞', b'c', b'z'), ('枸', b'g', b'j'),
    ('柜', b'g', b'j'), ('查', b'c', b'z'), ('栖', b'q', b'x'), ('校', b'x', b'j'),
    ('棲', b'q', b'x'), ('棹', b'z', b'c'), ('樂', b'l', b'y'), ('櫃', b'g', b'j'),
    ('歙', b's', b'x'), ('沈', b's', b'c'), ('泊', b'p', b'b'), ('洞', b'd', b't'),
    ('浅', b'q', b'j'), ('浒', b'h', b'x'), ('淺', b'q', b'j'), ('澄', b'c', b'd'),
    ('瀑', b'p', b'b'), ('炮', b'p', b'b'), ('焯', b'c', b'z'), ('率', b'l', b's'),
    ('畜', b'c', b'x'), ('番', b'f', b'p'), ('疟', b'n', b'y'), ('盛', b's', b'c'),
    ('省', b's', b'x'), ('祢', b'm', b'n'), ('祭', b'j', b'z'), ('禅', b'c', b's'),
    ('种', b'z', b'c'), ('秘', b'm', b'b'), ('種', b'z', b'c'), ('稽', b'j', b'q'),
    ('粘', b'z', b'n'), ('系', b'x', b'j'), ('給', b'g', b'j'), ('繁', b'f', b'p'),
    ('纖', b'x', b'q'), ('纤', b'x', b'q'), ('给', b'g', b'j'), ('缉', b'j', b'q'),
    ('缴', b'j', b'z'), ('翟', b'd', b'z'), ('耙', b'b', b'p'), ('腊', b'l', b'x'),
    ('臭', b'c', b'x'), ('芍', b's', b'x'), ('芎', b'q', b'x'), ('芥', b'j', b'g'),
    ('茄', b'j', b'q'), ('茜', b'q', b'x'), ('荨', b'x', b'q'), ('莞', b'g', b'w'),
    ('葚', b'r', b's'), ('蔚', b'w', b'y'), ('蕃', b'f', b'b'), ('藏', b'c', b'z'),
    ('虾', b'x', b'h'), ('蛇', b's', b'y'), ('蛤', b'h', b'g'), ('蜡', b'l', b'z'),
    ('蝦', b'x', b'h'), ('行', b'x', b'h'), ('術', b's', b'z'), ('裳', b's', b'c'),
    ('褚', b'c', b'z'), ('覃', b't', b'q'), ('解', b'j', b'x'), ('調', b'd', b't'),
    ('諶', b'c', b's'), ('调', b'd', b't'), ('谌', b'c', b's'), ('谷', b'g', b'y'),
    ('貉', b'h', b'm'), ('費', b'f', b'b'), ('賈', b'j', b'g'), ('费', b'f', b'b'),
    ('贾', b'j', b'g'), ('車', b'c', b'j'), ('车', b'c', b'j'), ('轧', b'y', b'z'),
    ('辟', b'p', b'b'), ('遗', b'y', b'w'), ('遺', b'y', b'w'), ('郗', b'x', b'c'),
    ('酵', b'j', b'x'), ('重', b'z', b'c'), ('钿', b'd', b't'), ('铛', b'd', b'c'),
    ('長', b'z', b'c'), ('长', b'z', b'c'), ('阿', b'a', b'e'), ('降', b'j', b'x'),
    ('隗', b'k', b'w'), ('隽', b'j', b'q'), ('靓', b'j', b'l'), ('靚', b'j', b'l'),
    ('鞘', b'q', b's'), ('鳥', b'n', b'd'), ('鸟', b'n', b'd'), ('鹄', b'g', b'h'),
    ('龜', b'g', b'j'), ('龟', b'g', b'j'),
];

/// The other first letter of a character that has two.
pub(super) fn other_letter(c: char) -> Option<u8> {
    let found = POLYPHONES.binary_search_by_key(&c, |(at, ..)| *at).ok()?;
    POLYPHONES.get(found).map(|(_, _, other)| *other)
}
