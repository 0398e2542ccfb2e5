//! Automerge itself, asked the same.

use automerge::{
    ActorId as AutomergeActor, Automerge, ObjId, ROOT, ReadDoc, ScalarValue, Value,
    transaction::{CommitOptions, Transactable as _},
};
use schemas::Scalar;
use sync_core::{
    ActorId, ChangeHash, OpId,
    change::{Change, Incoming, encode, scan},
    record::{Authored, RecordState, Registers},
};

use super::{Checked, model::Visible, same};

/// A document of these changes, in any order: Automerge lets those wait that come too early.
pub fn document(changes: &[Incoming]) -> Checked<Automerge> {
    let mut document = Automerge::new();
    let loaded = changes
        .iter()
        .map(|incoming| automerge::Change::try_from(incoming.chunk.as_slice()))
        .collect::<Result<Vec<_>, _>>()
        .map_err(|error| format!("Automerge does not read a change: {error}"))?;
    document
        .apply_changes(loaded)
        .map_err(|error| format!("Automerge refuses: {error}"))?;
    Ok(document)
}

/// Heads, registers, and every value of each with its operation id are those of the document.
pub fn agrees(document: &Automerge, registers: &Registers) -> Checked {
    let heads: Vec<[u8; 32]> = document.get_heads().iter().map(|head| head.0).collect();
    let ours: Vec<[u8; 32]> = registers.head_hashes().map(|head| head.0).collect();
    same("heads are Automerge's", &ours, &heads)?;
    same(
        "registers are Automerge's",
        &super::model::of_registers(registers),
        &values(document)?,
    )
}

fn values(document: &Automerge) -> Checked<Visible> {
    let mut visible = Visible::new();
    for key in document.keys(ROOT) {
        let all = document
            .get_all(ROOT, key.as_str())
            .map_err(|error| error.to_string())?;
        let mut ops = std::collections::BTreeMap::new();
        for (value, id) in all {
            let scalar = match value {
                Value::Scalar(scalar) => from_automerge(scalar.as_ref())?,
                Value::Object(_) => return Err("an object".to_owned()),
            };
            ops.insert(op_id(&id)?, scalar);
        }
        visible.insert(key, ops);
    }
    Ok(visible)
}

/// Whether Automerge was asked to author the same puts: then its change is ours, byte for byte.
/// It is not asked where a put picks the value that Automerge would show of several: see
/// `automerge_deletes_the_others_when_a_put_picks_the_value_it_would_show`.
///
/// Automerge adds the author's own last change to the dependencies where it is no head any more
/// (docs/adr/0005): ours is then compared with that dependency written in.
pub fn authors_alike(
    state: &RecordState,
    made: &Authored,
    own_last: Option<ChangeHash>,
) -> Checked<bool> {
    let picks = made.change.puts.iter().any(|put| {
        let shown = state.registers.visible(&put.key).last();
        shown.is_some_and(|shown| shown.value == put.value)
    });
    if picks {
        return Ok(false);
    }
    let mut document = state.document().map_err(|error| error.to_string())?;
    let theirs = authored(&mut document, &made.change).map_err(|error| error.to_string())?;
    let theirs = theirs.ok_or("Automerge finds nothing to do")?;
    let mut ours = made.change.clone();
    let read = scan(&theirs).map_err(|error| error.to_string())?;
    if read.deps.len() > ours.deps.len() {
        ours.deps.extend(own_last);
        ours.deps.sort_unstable();
    } else {
        same(
            "what is authored is what is encoded",
            &encode(&ours).0,
            &made.chunk,
        )?;
    }
    ours.hash = read.hash;
    same("Automerge authors the same change", &ours, &read)?;
    same(
        "Automerge authors the same bytes",
        &encode(&ours).0,
        &theirs,
    )?;
    Ok(true)
}

/// The chunk that Automerge makes of a change's puts; none if it finds nothing to do.
pub fn authored(
    document: &mut Automerge,
    change: &Change,
) -> Result<Option<Vec<u8>>, automerge::AutomergeError> {
    document.set_actor(AutomergeActor::from(&change.actor.0[..]));
    let mut transaction = document.transaction();
    for put in &change.puts {
        transaction.put(ROOT, put.key.as_str(), to_automerge(&put.value))?;
    }
    let (hash, _) = transaction.commit_with(CommitOptions::default().with_time(change.time));
    let made = hash.and_then(|hash| document.get_change_by_hash(&hash));
    Ok(made.map(|change| change.raw_bytes().to_vec()))
}

/// A scalar as Automerge has it.
pub fn to_automerge(value: &Scalar) -> ScalarValue {
    match value {
        Scalar::Null => ScalarValue::Null,
        Scalar::Bool(flag) => ScalarValue::Boolean(*flag),
        Scalar::Int(int) => ScalarValue::Int(*int),
        Scalar::Text(text) => ScalarValue::Str(text.as_str().into()),
        Scalar::Bytes(bytes) => ScalarValue::Bytes(bytes.clone()),
    }
}

fn from_automerge(value: &ScalarValue) -> Checked<Scalar> {
    match value {
        ScalarValue::Null => Ok(Scalar::Null),
        ScalarValue::Boolean(flag) => Ok(Scalar::Bool(*flag)),
        ScalarValue::Int(int) => Ok(Scalar::Int(*int)),
        ScalarValue::Str(text) => Ok(Scalar::text(text.as_str())),
        ScalarValue::Bytes(bytes) => Ok(Scalar::Bytes(bytes.clone())),
        other => Err(format!("a value of another type: {other:?}")),
    }
}

fn op_id(id: &ObjId) -> Checked<OpId> {
    match id {
        ObjId::Id(counter, actor, _) => {
            let actor = ActorId::from_slice(actor.to_bytes()).map_err(|error| error.to_string())?;
            Ok(OpId {
                counter: *counter,
                actor,
            })
        }
        ObjId::Root => Err("the root is no operation".to_owned()),
    }
}
