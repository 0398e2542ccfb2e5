//! The schema that comes with the program, against what the product asks of it.

use schemas::SchemaSet;

#[test]
fn the_built_in_schema_has_no_errors() {
    if let Err(errors) = SchemaSet::builtin() {
        let lines: Vec<String> = errors.iter().map(ToString::to_string).collect();
        panic!("{}", lines.join("\n"));
    }
}
