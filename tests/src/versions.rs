//! Versions of the schemas that are not the program's.

use sync_core::sync::SchemaFiles;

/// The program's files under another number, with texts replaced in some of them: file, what stands
/// there, what is to stand there. What is not there is left alone.
pub fn changed(version: u32, changes: &[(&str, &str, &str)]) -> SchemaFiles {
    let files = SchemaFiles::builtin(version).into_files().into_iter();
    let files = files.map(|(name, text)| {
        if name == "schema.toml" {
            return (name, format!("version = {version}\ndraft = false\n"));
        }
        let of_file = changes.iter().filter(|(file, ..)| *file == name);
        let text = of_file.fold(text, |text, (_, from, to)| text.replacen(from, to, 1));
        (name, text)
    });
    SchemaFiles::new(version, files)
}

/// A version with one more field of shops, 雨棚, and one more way to use gas.
pub fn with_awning(version: u32) -> SchemaFiles {
    let field =
        "field = [\n  { name = \"awning\", zh = \"雨棚\", en = \"Awning\", type = \"flag\" },";
    changed(
        version,
        &[
            ("kinds/shop.toml", "version = 1", "version = 2"),
            ("kinds/shop.toml", "field = [", field),
            (
                "codes/gas.toml",
                "code = [",
                "code = [\n  { code = \"biogas\", zh = \"沼气\", en = \"Biogas\" },",
            ),
        ],
    )
}
