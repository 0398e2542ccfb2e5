//! Doing again what the journal says that people did.

use super::{
    act::{Around, FileRef, StepInput, perform, target, unnamed},
    facts::Verifier,
    gather, items, licences,
    object::{Object, UNREADABLE},
    open, roster,
    state::Step,
    store,
};
use crate::{error::Result, hex::unhex, store::Tx};

/// Does a journalled act again, at the transaction's time; false if it is no act of this part.
///
/// What was decided then is not decided again: numbers and the verifier's standing come from the
/// journal. Nothing is journalled.
pub fn replay(tx: &mut Tx<'_>, act: &str, object: &str, by: &str, reason: &str) -> Result<bool> {
    match act {
        "case.open" => {
            let object = Object::parse(object)?;
            open::take_in(tx, &object, reason, &object.person(by)?)?;
        }
        "case.gather" | "case.opinion" => {
            let object = Object::parse(object)?;
            gather::again(tx, act, &object, reason, &object.person(by)?)?;
        }
        "case.licence" => {
            let object = Object::parse(object)?;
            licences::again(tx, &object, reason, &object.person(by)?)?;
        }
        "item.file" => {
            let object = Object::parse(object)?;
            let item = item(tx, &object)?;
            let (class, number) = (object.class.as_deref(), object.number.as_deref());
            open::file_as(tx, &item, class, reason, &object.person(by)?, number)?;
        }
        "item.mark" => {
            let object = Object::parse(object)?;
            let item = item(tx, &object)?;
            items::mark_again(tx, &object, &item, reason, &object.person(by)?)?;
        }
        "roster.accept" => {
            let object = Object::parse(object)?;
            roster::accept_as(tx, &object, reason, &object.person(by)?)?;
        }
        _ => {
            let step = act.strip_prefix("case.").and_then(Step::parse);
            let Some(step) = step else { return Ok(false) };
            step_again(tx, step, &Object::parse(object)?, by, reason)?;
        }
    }
    Ok(true)
}

fn item(tx: &Tx<'_>, object: &Object) -> Result<items::ItemRow> {
    let uid = object.item.as_deref().and_then(unhex).ok_or(UNREADABLE)?;
    items::by_uid(tx.conn(), &uid)
}

fn step_again(tx: &mut Tx<'_>, step: Step, object: &Object, by: &str, reason: &str) -> Result<()> {
    let uid = object.case.as_deref().and_then(unhex).ok_or(UNREADABLE)?;
    let case = store::find(tx.conn(), &uid)?;
    let input = StepInput {
        to_office: object.to_office.clone(),
        handler: object.handler.clone(),
        milestone: object.milestone.clone(),
        amount: object.amount,
        until_ms: object.until_ms,
        verifier: object.verifier.clone(),
        into: object.into.clone(),
        attachments: Vec::<FileRef>::new(),
        ..StepInput::of(step, reason)
    };
    let stood = Verifier {
        known: true,
        reported: false,
        of_grid: false,
    };
    let into = object.into.as_deref();
    let around = Around {
        verifier: object.verifier.as_ref().map(|_| stood),
        target: into
            .map(|uid| target(tx.conn(), &case, uid, None))
            .transpose()?,
        files: unnamed(&object.files)?,
        number: object.number.clone(),
    };
    perform(tx, &case, &input, &around, &object.person(by)?)?;
    Ok(())
}
