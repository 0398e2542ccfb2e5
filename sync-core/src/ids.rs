//! Identifiers: fixed-size, typed, printed as lower-case hex.

use std::fmt;

use crate::error::FormatError;

macro_rules! byte_id {
    ($(#[$meta:meta])* $name:ident, $len:expr) => {
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
        pub struct $name(pub [u8; $len]);

        impl $name {
            /// Bytes of the identifier.
            pub const LEN: usize = $len;

            /// The raw bytes.
            pub const fn as_bytes(&self) -> &[u8; $len] {
                &self.0
            }

            /// Reads what it is printed as: lower-case hex of exactly its length.
            pub fn parse(text: &str) -> Option<Self> {
                let mut id = [0; $len];
                let digits = text.as_bytes();
                let plain = |byte: &u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
                if digits.len() != 2 * $len || !digits.iter().all(plain) {
                    return None;
                }
                for (to, pair) in id.iter_mut().zip(digits.chunks(2)) {
                    *to = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
                }
                Some(Self(id))
            }

            /// Reads the identifier from exactly as many bytes as it has.
            pub fn from_slice(bytes: &[u8]) -> Result<Self, FormatError> {
                <[u8; $len]>::try_from(bytes)
                    .map(Self)
                    .map_err(|_| FormatError::new(concat!(stringify!($name), ": wrong length")))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({self})", stringify!($name))
            }
        }

        /// As it is printed: JSON knows no bytes.
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str>>::deserialize(from)?;
                let wrong = || serde::de::Error::custom("not an identifier in lower-case hex");
                Self::parse(&text).ok_or_else(wrong)
            }
        }

        impl<C> minicbor::Encode<C> for $name {
            fn encode<W: minicbor::encode::Write>(
                &self,
                e: &mut minicbor::Encoder<W>,
                _: &mut C,
            ) -> Result<(), minicbor::encode::Error<W::Error>> {
                e.bytes(&self.0)?.ok()
            }
        }

        impl<'b, C> minicbor::Decode<'b, C> for $name {
            fn decode(
                d: &mut minicbor::Decoder<'b>,
                _: &mut C,
            ) -> Result<Self, minicbor::decode::Error> {
                Self::from_slice(d.bytes()?)
                    .map_err(|_| minicbor::decode::Error::message("identifier of wrong length"))
            }
        }
    };
}

byte_id! {
    /// A record: a UUIDv7 (RFC 9562), or for imported records a UUIDv8 derived from
    /// (source, key).
    RecordId, 16
}
byte_id! {
    /// One installation of the app, named by the server. The first byte FF, FE and FD is
    /// reserved for decisions, office edits and imports.
    DeviceId, 6
}
byte_id! {
    /// An Automerge actor: the device's id and its epoch, big-endian.
    ActorId, 8
}
byte_id! {
    /// SHA-256 of an Automerge change chunk: the change's name.
    ChangeHash, 32
}
byte_id! {
    /// SHA-256 of anything else: a manifest, a photo.
    Sha256, 32
}
byte_id! {
    /// Sixteen random bytes of a record's header: key of the HMACs in manifests.
    Salt, 16
}

impl Sha256 {
    /// The digest of `bytes`.
    pub fn of(bytes: &[u8]) -> Self {
        let digest = ring::digest::digest(&ring::digest::SHA256, bytes);
        let mut out = [0; 32];
        out.copy_from_slice(digest.as_ref());
        Self(out)
    }
}

/// Who writes through an actor, read from the first byte of its device id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AuthorClass {
    /// A phone.
    Device,
    /// An import of a register (FD).
    Import,
    /// An office edit (FE).
    Office,
    /// A supervisor's decision (FF), which alone takes precedence in the view.
    Decision,
}

impl DeviceId {
    /// Which class of author the id belongs to.
    pub const fn class(&self) -> AuthorClass {
        match self.0[0] {
            0xFF => AuthorClass::Decision,
            0xFE => AuthorClass::Office,
            0xFD => AuthorClass::Import,
            _ => AuthorClass::Device,
        }
    }

    /// The actor of this device in one epoch.
    pub const fn actor(&self, epoch: u16) -> ActorId {
        let mut actor = [0; 8];
        let (id, rest) = actor.split_at_mut(6);
        id.copy_from_slice(&self.0);
        rest.copy_from_slice(&epoch.to_be_bytes());
        ActorId(actor)
    }
}

impl ActorId {
    /// The device behind the actor.
    pub const fn device(&self) -> DeviceId {
        let mut device = [0; 6];
        let (id, _) = self.0.split_at(6);
        device.copy_from_slice(id);
        DeviceId(device)
    }

    /// The epoch: raised by a reinstall, a restored backup, a fork or a refused change.
    pub const fn epoch(&self) -> u16 {
        let [_, _, _, _, _, _, hi, lo] = self.0;
        u16::from_be_bytes([hi, lo])
    }

    /// Which class of author the actor belongs to.
    pub const fn class(&self) -> AuthorClass {
        self.device().class()
    }
}

impl RecordId {
    /// A new record's id: UUIDv7 of `now_ms` (milliseconds since 1970) and ten random bytes.
    pub fn new_v7(now_ms: u64, random: [u8; 10]) -> Self {
        Self(
            uuid::Builder::from_unix_timestamp_millis(now_ms, &random)
                .into_uuid()
                .into_bytes(),
        )
    }

    /// When it was made, ms, where the id tells.
    pub fn made_ms(&self) -> Option<i64> {
        let (time, rest) = self.0.split_at(6);
        let ms = time.iter().fold(0, |ms, byte| ms << 8 | i64::from(*byte));
        rest.first()
            .is_some_and(|version| version >> 4 == 7)
            .then_some(ms)
    }

    /// The id of an imported record: the same source and key always give the same id (UUIDv8
    /// over the first 16 bytes of SHA-256).
    pub fn derived(source: &str, key: &str) -> Self {
        let mut input = Vec::with_capacity(source.len() + key.len() + 9);
        input.extend_from_slice(&(source.len() as u64).to_be_bytes());
        input.extend_from_slice(source.as_bytes());
        input.extend_from_slice(key.as_bytes());
        let mut first = [0; 16];
        for (to, from) in first.iter_mut().zip(Sha256::of(&input).0) {
            *to = from;
        }
        Self(
            uuid::Builder::from_custom_bytes(first)
                .into_uuid()
                .into_bytes(),
        )
    }
}

/// An Automerge operation id: Lamport counter first, then actor. The order decides which of
/// several concurrent values Automerge would show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OpId {
    /// Lamport counter, from 1.
    pub counter: u64,
    /// Who made the operation.
    pub actor: ActorId,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_actor_is_its_device_and_its_epoch() {
        let device = DeviceId([1, 2, 3, 4, 5, 6]);
        let actor = device.actor(0x0102);
        assert_eq!(actor.to_string(), "0102030405060102");
        assert_eq!((actor.device(), actor.epoch()), (device, 0x0102));
    }

    #[test]
    fn reserved_first_bytes_name_the_class_of_author() {
        let class = |first| DeviceId([first, 0, 0, 0, 0, 0]).class();
        assert_eq!(class(0xFF), AuthorClass::Decision);
        assert_eq!(class(0xFE), AuthorClass::Office);
        assert_eq!(class(0xFD), AuthorClass::Import);
        assert_eq!(class(0xFC), AuthorClass::Device);
    }

    #[test]
    fn an_imported_record_has_one_id_for_ever() {
        let id = RecordId::derived("san-mateo", "PR0000114");
        assert_eq!(id, RecordId::derived("san-mateo", "PR0000114"));
        assert_ne!(id, RecordId::derived("san-mateoP", "R0000114"));
        assert_eq!(id.0[6] >> 4, 8, "UUID version 8");
    }

    #[test]
    fn an_id_tells_when_its_record_was_made_unless_it_was_imported() {
        let ms = 1_796_054_400_123;
        assert_eq!(
            RecordId::new_v7(ms, [0xFF; 10]).made_ms(),
            Some(ms.cast_signed())
        );
        assert_eq!(RecordId::derived("a", "b").made_ms(), None);
    }

    #[test]
    fn in_json_an_identifier_is_lower_case_hex() {
        let id = DeviceId([0, 1, 2, 0xAB, 0xCD, 0xEF]);
        let json = serde_json::to_string(&id).unwrap();
        assert_eq!(json, "\"000102abcdef\"");
        assert_eq!(serde_json::from_str::<DeviceId>(&json).unwrap(), id);
        for bad in ["\"000102ABCDEF\"", "\"0001\"", "\"\"", "7"] {
            assert!(serde_json::from_str::<DeviceId>(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn an_identifier_of_wrong_length_is_an_error() {
        assert!(RecordId::from_slice(&[0; 15]).is_err());
        assert!(minicbor::decode::<DeviceId>(&[0x45, 1, 2, 3, 4, 5]).is_err());
    }
}
