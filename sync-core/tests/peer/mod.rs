//! Automerge as the other writer of changes: what it makes of the same puts.

use automerge::{
    ActorId, Automerge, ROOT,
    transaction::{CommitOptions, Transactable as _},
};
use schemas::value::Scalar;
use sync_core::{
    ChangeHash,
    change::{Change, encode, scan},
};

/// Compares each change whose dependencies are all known with what Automerge writes; how many.
///
/// Automerge adds the author's own last change to the dependencies where it is no head any more.
/// Nothing follows from it, and we leave it out; all else is the same, byte for byte.
pub(crate) fn compared(known: &[(Change, Vec<u8>)]) -> usize {
    let mut compared = 0;
    for (change, chunk) in known {
        let Some(seen) = seen_by(change, known) else {
            continue;
        };
        let theirs = by_automerge(change, &seen);
        let mut ours = change.clone();
        let own_last = known
            .iter()
            .find(|(other, _)| (other.actor, other.seq + 1) == (change.actor, change.seq));
        if scan(&theirs).unwrap().deps.len() > change.deps.len() {
            ours.deps.extend(own_last.map(|(own, _)| own.hash));
            ours.deps.sort_unstable();
        } else {
            assert_eq!(theirs, *chunk, "{}", change.hash);
        }
        assert_eq!(encode(&ours).0, theirs, "{}", change.hash);
        compared += 1;
    }
    compared
}

/// The chunk that Automerge writes for the same puts by someone who had seen the same.
fn by_automerge(change: &Change, seen: &[(ChangeHash, &[u8])]) -> Vec<u8> {
    let mut document = Automerge::new();
    for (_, chunk) in seen {
        let change = automerge::Change::try_from(*chunk).unwrap();
        document.apply_changes([change]).unwrap();
    }
    document.set_actor(ActorId::from(&change.actor.0[..]));
    let mut transaction = document.transaction();
    for put in &change.puts {
        let value = match put.value.clone() {
            Scalar::Null => automerge::ScalarValue::Null,
            Scalar::Bool(value) => value.into(),
            Scalar::Int(value) => value.into(),
            Scalar::Text(text) => text.into(),
            Scalar::Bytes(bytes) => bytes.into(),
        };
        transaction.put(ROOT, put.key.as_str(), value).unwrap();
    }
    transaction.commit_with(CommitOptions::default().with_time(change.time));
    document
        .get_last_local_change()
        .unwrap()
        .raw_bytes()
        .to_vec()
}

/// A change and everything it depends on, in order; none if something is not among `known`.
fn seen_by<'a>(
    change: &Change,
    known: &'a [(Change, Vec<u8>)],
) -> Option<Vec<(ChangeHash, &'a [u8])>> {
    let mut seen: Vec<(ChangeHash, &[u8])> = Vec::new();
    for dep in &change.deps {
        let (dep, chunk) = known.iter().find(|(known, _)| known.hash == *dep)?;
        for one in seen_by(dep, known)?
            .into_iter()
            .chain([(dep.hash, chunk.as_slice())])
        {
            if !seen.contains(&one) {
                seen.push(one);
            }
        }
    }
    Some(seen)
}
