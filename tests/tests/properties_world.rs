//! The laws of the whole system, on random towns: whatever happens between phones and hub, once
//! all is made good everyone has the same and nothing is lost.

#![allow(clippy::panic, clippy::print_stdout, reason = "helpers of tests")]

use std::cell::RefCell;

use gridbook_tests::{
    hub::Tally,
    props::{
        Checked,
        rest::is_at_rest,
        town::{Form, Step, Town},
    },
    world::Link,
};
use proptest::{collection::vec, option, prelude::*};

mod runner;

use runner::{SOAK, run};

const CASES: u32 = 300;

#[derive(Clone, Copy, Debug, Default)]
struct Count {
    cases: u64,
    concurrent: u64,
    commits: u64,
    restores: u64,
    tally: Tally,
}

impl Count {
    fn add(&mut self, town: &Town) {
        let (sum, one) = (&mut self.tally, &town.hub.tally);
        self.cases += 1;
        self.concurrent += u64::from(one.document_path > 0);
        self.commits += town.commits.len() as u64;
        self.restores += town.restores;
        sum.register_path += one.register_path;
        sum.document_path += one.document_path;
        sum.held += one.held;
        sum.refused += one.refused;
        sum.superseded += one.superseded;
        sum.raised_epoch += one.raised_epoch;
        sum.requests += one.requests;
    }

    /// A run that did not meet what it is for proves nothing.
    fn is_enough(&self) {
        let tally = &self.tally;
        assert!(
            self.concurrent * 10 >= self.cases * 3,
            "under 30 % concurrent: {self:?}"
        );
        let hits = [
            tally.register_path,
            tally.document_path,
            tally.held,
            tally.raised_epoch,
        ];
        assert!(
            hits.iter().all(|hits| *hits >= 1_000),
            "too few hits: {self:?}"
        );
    }
}

/// Steps of a town's life, in which the hub is lost now and then, or never.
fn steps(restores: bool) -> impl Strategy<Value = Vec<Step>> {
    let phone = || 0_usize..5;
    let record = || 0_usize..6;
    let form = || {
        let gas = option::weighted(0.3, 0_usize..3);
        (0_usize..3, gas, prop::bool::weighted(0.2)).prop_map(|(field, gas, licence)| Form {
            field,
            gas,
            licence,
        })
    };
    let link = prop_oneof![
        2 => Just(Link::default()),
        1 => (0_usize..30, 0_usize..30, 0_usize..30)
            .prop_map(|(lost, cut, doubled)| Link { lost, cut, doubled }),
    ];
    let often = prop_oneof![
        30 => (phone(), record(), form()).prop_map(|(p, r, form)| Step::Edit(p, r, form)),
        3 => (phone(), 0_usize..2).prop_map(|(phone, grid)| Step::Create(phone, grid)),
        16 => (phone(), link).prop_map(|(phone, link)| Step::Sync(phone, link)),
        2 => (phone(), -100_000_i32..100_000).prop_map(|(phone, hours)| Step::Clock(phone, hours)),
    ];
    let seldom = prop_oneof![
        2 => (record(), form()).prop_map(|(record, form)| Step::Decide(record, form)),
        1 => (record(), form()).prop_map(|(record, form)| Step::Office(record, form)),
        1 => (record(), 0_usize..2).prop_map(|(record, grid)| Step::Move(record, grid)),
        2 => (phone(), 0_u8..4, prop::bool::weighted(0.3))
            .prop_map(|(phone, grids, expired)| Step::Certify(phone, grids, expired)),
        2 => prop::bool::weighted(0.4).prop_map(Step::Known),
        5 => prop::bool::weighted(0.7).prop_map(Step::Strict),
        3 => (0_usize..9, any::<bool>()).prop_map(|(which, release)| Step::Resolve(which, release)),
        1 => (1_usize..9, 2_usize..40, any::<bool>()).prop_map(|(p, h, s)| Step::Pages(p, h, s)),
        1 => Just(Step::BackUp),
        1 => phone().prop_map(Step::Restart),
    ];
    let seldom = if restores {
        prop_oneof![17 => seldom, 1 => Just(Step::Restore)].boxed()
    } else {
        seldom.boxed()
    };
    vec(prop_oneof![3 => often, 1 => seldom], 20..90)
}

fn everyone_ends_alike(case: &(usize, u64, Vec<Step>), count: &mut Count) -> Checked {
    let (phones, seed, steps) = case;
    let mut town = Town::new(*phones, *seed, None)?;
    steps.iter().try_for_each(|step| town.step(step))?;
    town.heal()?;
    count.add(&town);
    is_at_rest(&town)
}

fn towns(cases: u32, restores: bool) -> Count {
    let count = RefCell::new(Count::default());
    let strategy = (2_usize..=5, any::<u64>(), steps(restores));
    run(cases, &strategy, |case| {
        everyone_ends_alike(&case, &mut count.borrow_mut())
    });
    println!("{:?}", count.borrow());
    count.into_inner()
}

#[test]
fn whatever_happens_on_the_way_everyone_ends_alike_and_nothing_is_lost() {
    towns(CASES, false).is_enough();
}

#[test]
fn a_hub_lost_and_restored_again_and_again_gets_back_what_the_phones_hold() {
    assert!(towns(CASES / 4, true).restores >= 20);
}

#[test]
#[ignore = "long"]
fn soak_whatever_happens_on_the_way_everyone_ends_alike_and_nothing_is_lost() {
    towns(CASES * SOAK, false).is_enough();
}

#[test]
#[ignore = "long"]
fn soak_a_hub_lost_and_restored_again_and_again_gets_back_what_the_phones_hold() {
    assert!(towns(CASES * SOAK / 4, true).restores >= 20);
}
