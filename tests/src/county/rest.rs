//! What must be so in a county that has come to rest.

use gridbook_server::records;
use schemas::Scalar;
use sync_core::{
    RecordId,
    record::{Edit, Header, HistoryEntry, RecordState, View, history},
};

use super::{Commit, County};
use crate::props::{Checked, holds, same};

/// A record as the server has it.
struct Known {
    id: RecordId,
    header: Header,
    state: RecordState,
}

impl County {
    /// Everyone has the same, nothing is on its way, nothing is lost, and nothing told twice.
    pub fn is_at_rest(&mut self) -> Checked {
        let known = self.known()?;
        for (number, phone) in self.phones.iter().enumerate() {
            let pending = phone.book.pending().map_err(|error| error.to_string())?;
            same(&format!("phone {number} has sent everything"), &pending, &0)?;
            for known in &known {
                let name = format!("phone {number}, record {}", known.id);
                let seen = phone
                    .book
                    .get(&known.id)
                    .map_err(|error| format!("{name}: {error}"))?;
                same(&name, &seen.header, &known.header)?;
                let told = phone.book.history(&known.id);
                let told = told.map_err(|error| error.to_string())?;
                // The short way first, where a change is missing on one side.
                same(&name, &names(&told), &names(&of(&known.state)?))?;
                same(&name, &told, &of(&known.state)?)?;
                same(&name, &seen.view, &View::of(&known.state.registers))?;
                let settled = !seen.pending && !seen.damaged;
                holds(&format!("{name} is settled and whole"), settled)?;
            }
        }
        let commits = self.commits.clone();
        let mut to_be_found = commits.iter().skip(self.lost);
        to_be_found.try_for_each(|commit| self.is_not_lost(&known, commit))?;
        self.check()
    }

    fn known(&mut self) -> Checked<Vec<Known>> {
        let server = self.server()?;
        let core = server.app.core().clone();
        let read = server.read(move |conn| {
            let mut select = conn.prepare("SELECT id FROM record WHERE placed = 1 ORDER BY id")?;
            let ids = select.query_map([], |row| Ok(RecordId(row.get(0)?)))?;
            let mut known = Vec::new();
            for id in ids {
                let id = id?;
                let Some(stored) = records::find(conn, core.keys(), &id)? else {
                    continue;
                };
                let state = records::load_state(conn, &stored)?;
                known.push(Known {
                    id,
                    header: stored.header,
                    state,
                });
            }
            Ok(known)
        });
        read.map_err(|error| format!("the server cannot be read: {error}"))
    }

    /// A committed edit is in the server's history, or back with the person who made it.
    fn is_not_lost(&self, known: &[Known], commit: &Commit) -> Checked {
        if let Some(known) = known.iter().find(|known| known.id == commit.record) {
            let wrote =
                |entry: &HistoryEntry| entry.puts.iter().any(|put| put.value == commit.mark);
            if of(&known.state)?.iter().any(wrote) {
                return Ok(());
            }
        }
        let phone = self.phones.get(commit.phone).ok_or("no such phone")?;
        let returned = phone.book.returned().map_err(|error| error.to_string())?;
        let is_it = |edit: &Edit| matches!(edit, Edit::Set { value, .. } if *value == commit.mark);
        let back = returned
            .iter()
            .any(|one| one.record == commit.record && one.edits.iter().any(is_it));
        let mark = match &commit.mark {
            Scalar::Text(text) => text.as_str(),
            _ => "",
        };
        let (phone, record) = (commit.phone, commit.record);
        holds(
            &format!("{mark} of phone {phone} on {record} is lost"),
            back,
        )
    }
}

fn names(history: &[HistoryEntry]) -> Vec<String> {
    let name = |entry: &HistoryEntry| format!("{} {}", entry.actor, entry.change);
    history.iter().map(name).collect()
}

fn of(state: &RecordState) -> Checked<Vec<HistoryEntry>> {
    history(state).map_err(|error| error.to_string())
}
