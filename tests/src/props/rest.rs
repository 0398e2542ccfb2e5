//! What must be so in a town that has come to rest.

use schemas::Scalar;
use sync_core::{
    change::prove,
    record::{Edit, HistoryEntry, RecordState, View, history},
};

use super::{
    Checked, holds, same,
    town::{Commit, Town},
};

/// Everyone has the same, nothing is on its way, and nothing is lost.
pub fn is_at_rest(town: &Town) -> Checked {
    holds("nothing waits on the hub", town.hub.held().is_empty())?;
    for (number, phone) in town.phones.iter().enumerate() {
        let pending = phone.book.pending().map_err(|error| error.to_string())?;
        same(&format!("phone {number} has sent everything"), &pending, &0)?;
        for (id, known) in town.hub.records() {
            let name = format!("phone {number}, record {id}");
            let seen = phone
                .book
                .get(id)
                .map_err(|error| format!("{name}: {error}"))?;
            same(&name, &seen.header, &known.header)?;
            let told = phone.book.history(id).map_err(|error| error.to_string())?;
            // The short way first, where a change is missing on one side.
            same(&name, &names(&told), &names(&of(&known.state)?))?;
            same(&name, &told, &of(&known.state)?)?;
            same(&name, &seen.view, &View::of(&known.state.registers))?;
            holds(&format!("{name} is settled"), !seen.pending)?;
            holds(&format!("{name} is whole"), !seen.damaged)?;
        }
    }
    for (id, known) in town.hub.records() {
        let proven = prove(&known.state).is_ok();
        holds(&format!("record {id} can be saved and read"), proven)?;
    }
    town.commits
        .iter()
        .try_for_each(|commit| is_not_lost(town, commit))
}

fn names(history: &[HistoryEntry]) -> Vec<String> {
    history.iter().map(name_of).collect()
}

fn name_of(entry: &HistoryEntry) -> String {
    format!("{} {}", entry.actor, entry.change)
}

fn of(state: &RecordState) -> Checked<Vec<HistoryEntry>> {
    history(state).map_err(|error| error.to_string())
}

/// A committed edit is in the server's history, or back with the person who made it.
fn is_not_lost(town: &Town, commit: &Commit) -> Checked {
    if let Some(known) = town.hub.record(&commit.record) {
        let wrote = |entry: &HistoryEntry| entry.puts.iter().any(|put| put.value == commit.mark);
        if of(&known.state)?.iter().any(wrote) {
            return Ok(());
        }
    }
    let phone = town.phones.get(commit.phone).ok_or("no such phone")?;
    let returned = phone.book.returned().map_err(|error| error.to_string())?;
    let is_it = |edit: &Edit| matches!(edit, Edit::Set { value, .. } if *value == commit.mark);
    let back = returned
        .iter()
        .any(|one| one.record == commit.record && one.edits.iter().any(is_it));
    let mark = match &commit.mark {
        Scalar::Text(text) => text.as_str(),
        _ => "",
    };
    let lost = format!(
        "{mark} of phone {} on {} is lost",
        commit.phone, commit.record
    );
    holds(&lost, back)
}
