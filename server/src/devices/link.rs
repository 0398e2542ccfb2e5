//! The link that an inspector opens on the phone, or scans.

/// The link that brings `ticket` to the phone app of the server at `public_url`. The ticket stands
/// behind the `#`: it reaches no server, no log and no `Referer`.
pub fn enrol_link(public_url: &str, ticket: &str) -> String {
    format!(
        "{}/app/#/setup?ticket={ticket}",
        public_url.trim_end_matches('/')
    )
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_ticket_stands_behind_the_hash() {
        let link = super::enrol_link("https://book.example/", "AB12");
        assert_eq!(link, "https://book.example/app/#/setup?ticket=AB12");
    }
}
