//! What happens in the samples: a shop is recorded by one phone, edited by three at once, decided
//! by a supervisor.

use std::collections::BTreeMap;

use ring::signature::{Ed25519KeyPair, KeyPair as _};
use schemas::{
    path::{EntryId, Name, RegisterKey},
    value::Scalar,
};
use sync_core::{
    ActorId, ChangeHash, DeviceId, RecordId, Salt,
    bundle::{ChangeIndex, RecordKeeper, RecordRef},
    change::{Incoming, Outcome, admit},
    record::{Authored, Edit, Header, RecordState, author, entry_id},
};

/// 2026-09-21, in milliseconds.
pub(crate) const NOW: i64 = 1_790_000_000_000;
/// The server's epoch.
pub(crate) const EPOCH: u64 = 7;
/// The grid.
pub(crate) const GRID: &str = "310112001001001";
/// Three phones.
pub(crate) const A: DeviceId = DeviceId([0x01, 0x42, 0x17, 0x99, 0xA0, 0x3C]);
pub(crate) const B: DeviceId = DeviceId([0x02, 0x42, 0x17, 0x99, 0xA0, 0x3C]);
pub(crate) const C: DeviceId = DeviceId([0x03, 0x42, 0x17, 0x99, 0xA0, 0x3C]);
/// Where the supervisor's decisions come from.
pub(crate) const DECISIONS: DeviceId = DeviceId([0xFF, 0x00, 0x00, 0x00, 0x00, 0x01]);
/// Secret of A's key, of the server's signing key and of its sealing key.
pub(crate) const SEED_A: [u8; 32] = [0x0A; 32];
pub(crate) const SEED_SERVER: [u8; 32] = [0x0B; 32];
pub(crate) const SEED_SEAL: [u8; 32] = [0x0C; 32];

/// The shop.
pub(crate) fn shop() -> RecordId {
    RecordId::new_v7(NOW.cast_unsigned(), [0x11; 10])
}

/// A party that A records with it.
pub(crate) fn party() -> RecordId {
    RecordId::new_v7(NOW.cast_unsigned() + 1, [0x22; 10])
}

/// An imported shop.
pub(crate) fn imported() -> RecordId {
    RecordId::derived("san-mateo", "PR0000114")
}

/// The header of a record.
pub(crate) fn header(kind: &str, salt: u8) -> Header {
    Header {
        kind: kind.into(),
        grid: GRID.into(),
        move_number: 0,
        salt: Salt([salt; 16]),
    }
}

/// A key pair.
pub(crate) fn pair(seed: &[u8; 32]) -> Ed25519KeyPair {
    Ed25519KeyPair::from_seed_unchecked(seed).unwrap()
}

/// Its public key.
pub(crate) fn public(seed: &[u8; 32]) -> [u8; 32] {
    pair(seed).public_key().as_ref().try_into().unwrap()
}

/// A signature.
pub(crate) fn sign(seed: &[u8; 32], message: &[u8]) -> [u8; 64] {
    pair(seed).sign(message).as_ref().try_into().unwrap()
}

/// A register takes a value.
pub(crate) fn set(key: &str, value: Scalar) -> Edit {
    Edit::Set {
        key: RegisterKey::parse(key).unwrap(),
        value,
    }
}

/// The licence that A's first change begins.
pub(crate) fn licence() -> EntryId {
    entry_id(A.actor(1), 1, 0)
}

/// The changes of the shop.
pub(crate) struct Story {
    /// A records the shop: a value of every type, and an entry.
    pub(crate) first: Authored,
    /// A renames it, clears the door number and touches the licence.
    pub(crate) second: Authored,
    /// A edits once more.
    pub(crate) third: Authored,
    /// B, who had seen `first` only.
    pub(crate) by_b: Authored,
    /// C, who had seen `first` only.
    pub(crate) by_c: Authored,
    /// A supervisor who had seen A's and B's.
    pub(crate) decision: Authored,
    /// The record with all of them.
    pub(crate) state: RecordState,
}

impl Story {
    /// Tells it.
    pub(crate) fn new() -> Self {
        let mut state = RecordState::default();
        let first = commit(&mut state, A, &first_edits(), NOW);
        let mut of_b = state.clone();
        let mut of_c = state.clone();
        let second_edits = [
            set("sign_name", Scalar::text("古美小店二号")),
            Edit::Clear {
                key: RegisterKey::parse("door_no").unwrap(),
            },
            set(
                &format!("licences.{}.expires", licence()),
                Scalar::text("2028-03-31"),
            ),
        ];
        let second = commit(&mut state, A, &second_edits, NOW + 60_000);
        let third_edits = [set("sign_name", Scalar::text("古美小店三号"))];
        let third = commit(&mut state, A, &third_edits, NOW + 61_000);
        let name_b = [set("sign_name", Scalar::text("古美便利"))];
        let by_b = commit(&mut of_b, B, &name_b, NOW + 50_000);
        let edits_c = [set("sign_name", Scalar::text("古美超市")), Edit::Delete];
        let by_c = commit(&mut of_c, C, &edits_c, NOW + 55_000);
        take(&mut state, &by_b);
        let decided = [set("sign_name", Scalar::text("古美便利店"))];
        let decision = commit(&mut state, DECISIONS, &decided, NOW + 90_000);
        take(&mut state, &by_c);
        Self {
            first,
            second,
            third,
            by_b,
            by_c,
            decision,
            state,
        }
    }
}

fn first_edits() -> Vec<Edit> {
    let licence = licence();
    let group = Name::parse("licences").unwrap();
    let place = [0x12, 0x8F, 0x2C, 0x40, 0x48, 0x5A, 0x8B, 0xE0];
    vec![
        set("door_no", Scalar::text("12甲")),
        set("sign_name", Scalar::text("古美小店")),
        set("area", Scalar::Int(4_250)),
        set("delta", Scalar::Int(-1)),
        set("food", Scalar::Bool(true)),
        set("gas", Scalar::Bool(false)),
        set("roles#operator", Scalar::Bool(true)),
        set("place", Scalar::Bytes(place.to_vec())),
        set("remark", Scalar::Null),
        Edit::AddEntry { group, id: licence },
        set(
            &format!("licences.{licence}.expires"),
            Scalar::text("2027-03-31"),
        ),
    ]
}

/// A party's first change.
pub(crate) fn party_change() -> Authored {
    let edits = [set("name", Scalar::text("李小明"))];
    commit(&mut RecordState::default(), A, &edits, NOW + 62_000)
}

/// A change of the imported shop that depends on one nobody here knows.
pub(crate) fn change_from_elsewhere() -> Authored {
    let mut state = RecordState::default();
    let import = DeviceId([0xFD, 0, 0, 0, 0, 1]);
    let edits = [set("door_no", Scalar::text("100"))];
    commit(&mut state, import, &edits, NOW - 1);
    let edits = [set("door_no", Scalar::text("102"))];
    commit(&mut state, B, &edits, NOW + 3)
}

fn commit(state: &mut RecordState, device: DeviceId, edits: &[Edit], now: i64) -> Authored {
    let made = author(state, device.actor(1), edits, now).unwrap();
    take(state, &made);
    made
}

fn take(state: &mut RecordState, made: &Authored) {
    let incoming = Incoming {
        change: made.change.clone(),
        chunk: made.chunk.clone(),
    };
    let admitted = admit(state, &[incoming], &());
    assert!(matches!(admitted.outcomes[..], [Outcome::Accepted(_)]));
}

/// What the receiver of the samples knows: the shop by number, its first change, its salt.
pub(crate) struct Keeper {
    changes: BTreeMap<ChangeHash, (ActorId, u64)>,
    knows_salt: bool,
}

impl Keeper {
    /// Before A's first bundle.
    pub(crate) fn empty() -> Self {
        Self {
            changes: BTreeMap::new(),
            knows_salt: false,
        }
    }

    /// Once A's first bundle was accepted.
    pub(crate) fn after_first(story: &Story) -> Self {
        let first = &story.first.change;
        Self {
            changes: BTreeMap::from([(first.hash, (first.actor, first.seq))]),
            knows_salt: true,
        }
    }
}

impl ChangeIndex for Keeper {
    fn locate(&self, record: &RecordId, hash: &ChangeHash) -> Option<(ActorId, u64)> {
        let known = *record == shop();
        known.then(|| self.changes.get(hash).copied()).flatten()
    }
    fn hash(&self, record: &RecordId, actor: ActorId, seq: u64) -> Option<ChangeHash> {
        let found = self
            .changes
            .iter()
            .find(|(_, place)| **place == (actor, seq));
        found.filter(|_| *record == shop()).map(|(hash, _)| *hash)
    }
    fn reference(&self, record: &RecordId) -> RecordRef {
        if *record == shop() && self.knows_salt {
            RecordRef::Number {
                epoch: EPOCH,
                grid: GRID.into(),
                number: 300,
            }
        } else {
            RecordRef::Id(*record)
        }
    }
    fn record(&self, epoch: u64, grid: &str, number: u32) -> Option<RecordId> {
        ((epoch, grid, number) == (EPOCH, GRID, 300)).then(shop)
    }
}

impl RecordKeeper for Keeper {
    fn salt(&self, record: &RecordId) -> Option<Salt> {
        (*record == shop() && self.knows_salt).then_some(Salt([0x5A; 16]))
    }
}
