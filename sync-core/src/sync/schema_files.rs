//! A version of the schemas as a server serves it and a phone keeps it.

use schemas::{SchemaError, SchemaSet, SourceFile, builtin::FILES};

use crate::{
    error::FormatError,
    limits::{MAX_SCHEMA_BYTES, MAX_SCHEMA_FILES},
};

/// The files of a version: `[version, [[name, text], …]]`. Those who compare digests write them in
/// the order of their names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchemaFiles {
    version: u32,
    files: Vec<(String, String)>,
}

impl SchemaFiles {
    /// The files of a version, in the order of their names.
    pub fn new(version: u32, files: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut files: Vec<_> = files.into_iter().collect();
        files.sort_unstable();
        Self { version, files }
    }

    /// The files that come with the program.
    pub fn builtin(version: u32) -> Self {
        let files = FILES.iter();
        Self::new(
            version,
            files.map(|file| (file.name.to_owned(), file.text.to_owned())),
        )
    }

    /// Reads them, below their bounds.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, FormatError> {
        if bytes.len() > MAX_SCHEMA_BYTES {
            return Err(FormatError::new("schemas are larger than allowed"));
        }
        let (version, files): (u32, Vec<(String, String)>) = crate::cbor::from_slice(bytes)?;
        if files.len() > MAX_SCHEMA_FILES {
            return Err(FormatError::new("more schema files than allowed"));
        }
        Ok(Self { version, files })
    }

    /// Their bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        crate::cbor::to_vec(&(self.version, &self.files))
    }

    /// The version that they are served under.
    pub const fn version(&self) -> u32 {
        self.version
    }

    /// Each of them, name and text.
    pub fn into_files(self) -> Vec<(String, String)> {
        self.files
    }

    /// What they say, checked.
    pub fn parse(&self) -> Result<SchemaSet, Vec<SchemaError>> {
        let files: Vec<SourceFile<'_>> = self
            .files
            .iter()
            .map(|(name, text)| SourceFile { name, text })
            .collect();
        SchemaSet::parse(&files)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_come_back_as_they_were_and_parse() {
        let files = SchemaFiles::builtin(1);
        let again = SchemaFiles::from_bytes(&files.to_bytes()).unwrap();
        assert_eq!(again, files);
        assert_eq!(again.parse().unwrap(), SchemaSet::builtin().unwrap());
    }

    #[test]
    fn more_files_or_bytes_than_allowed_are_not_read() {
        let many = (0..=MAX_SCHEMA_FILES).map(|at| (at.to_string(), String::new()));
        assert!(SchemaFiles::from_bytes(&SchemaFiles::new(2, many).to_bytes()).is_err());
        let large = [("a".to_owned(), "x".repeat(MAX_SCHEMA_BYTES))];
        assert!(SchemaFiles::from_bytes(&SchemaFiles::new(2, large).to_bytes()).is_err());
    }
}
