//! The store against a model of it: random orders of everything that can happen, the same for both databases.
//!
//! What is compared after every step: which deliveries are new and how often each was counted (G3), who may settle what
//! (G5), and that every delivery is pending, claimed, done, dead or skipped at every sink, as the model says.

mod reference;

use proptest::test_runner::{Config, TestRunner};
use proptest_state_machine::{ReferenceStateMachine, StateMachineTest};
use std::cell::RefCell;
use std::sync::Arc;
use tokio::runtime::Runtime;
use webhook_core::IdempotencyKey;
use webhook_inbox::store::{Claim, Lease, Settled};
use webhook_inbox::{Filter, Kept, NewDelivery, Prune, Seq, Start, State, Store};

use self::reference::{LEASE, Model, SINKS, Step, Tried, WINDOW};
use crate::bench::Place;

/// The store, and what the test remembers to compare it with the model.
struct Tested {
    runtime: Runtime,
    place: Place,
    /// As many processes on one database.
    stores: Vec<Arc<dyn Store>>,
    /// The numbers of the model's rows.
    seqs: Vec<Seq>,
    /// The leases in the order in which the model gave them out.
    leases: Vec<Lease>,
    turn: usize,
}

thread_local! {
    /// Where the next case gets its database.
    static NEXT: RefCell<fn(&Runtime) -> Place> = const { RefCell::new(|_| Place::sqlite()) };
    /// How many processes share it.
    static PROCESSES: RefCell<usize> = const { RefCell::new(1) };
}

impl StateMachineTest for Tested {
    type SystemUnderTest = Self;
    type Reference = Model;

    fn init_test(_: &Model) -> Self {
        let runtime = Runtime::new().unwrap();
        let place = NEXT.with_borrow(|next| next(&runtime));
        let stores: Vec<_> = (0..PROCESSES.with_borrow(|processes| *processes))
            .map(|_| runtime.block_on(place.options().open_store(&place.url)).unwrap())
            .collect();
        for sink in SINKS {
            runtime.block_on(stores[0].register(sink.to_owned(), Start::Oldest)).unwrap();
        }
        Self { runtime, place, stores, seqs: Vec::new(), leases: Vec::new(), turn: 0 }
    }

    fn apply(mut tested: Self, model: &Model, step: Step) -> Self {
        tested.turn += 1;
        let store = Arc::clone(&tested.stores[tested.turn % tested.stores.len()]);
        match step {
            Step::Put(keys) => {
                let batch = keys.iter().map(|key| delivery(*key)).collect();
                let kept = tested.runtime.block_on(store.put(batch)).unwrap();
                for (kept, expected) in kept.iter().zip(&model.kept) {
                    if expected.new {
                        assert_eq!(expected.row, tested.seqs.len());
                        tested.seqs.push(kept.seq());
                    }
                    let seq = tested.seqs[expected.row];
                    assert_eq!(*kept, if expected.new { Kept::New(seq) } else { Kept::Again(seq) });
                }
                assert_eq!(kept.len(), model.kept.len());
            }
            Step::Claim(sink) => {
                let claimed =
                    tested.runtime.block_on(store.claim(Claim::new(SINKS[sink], 1000, LEASE))).unwrap();
                let mut found: Vec<_> = claimed.iter().map(|one| (one.lease.seq, one.attempt)).collect();
                found.sort();
                let expected: Vec<_> =
                    model.claimed.iter().map(|(row, attempt)| (tested.seqs[*row], *attempt)).collect();
                assert_eq!(found, expected);
                for (row, _) in &model.claimed {
                    let lease = claimed.iter().find(|one| one.lease.seq == tested.seqs[*row]);
                    tested.leases.push(lease.unwrap().lease.clone());
                }
            }
            Step::Settle(..) => {
                if let Some(Tried { lease, end, held }) = model.tried {
                    let settled = Settled::new(tested.leases[lease].clone(), end);
                    assert_eq!(tested.runtime.block_on(store.settle(vec![settled])).unwrap(), [held]);
                }
            }
            Step::Renew(_) => {
                if let Some(Tried { lease, held, .. }) = model.tried {
                    let lease = tested.leases[lease].clone();
                    assert_eq!(tested.runtime.block_on(store.renew(vec![lease], LEASE)).unwrap(), [held]);
                }
            }
            Step::Replay(sink) => {
                let sink = Some(SINKS[sink].to_owned());
                let replayed = tested.runtime.block_on(store.replay(Filter::all(), sink)).unwrap();
                assert_eq!(replayed, model.changed);
            }
            Step::Prune { dead } => {
                let mut prune = Prune::of(Filter::all());
                prune.dead = dead;
                assert_eq!(tested.runtime.block_on(store.prune(prune)).unwrap(), model.changed);
            }
            Step::Pass(seconds) => tested.place.shift(seconds),
        }
        tested
    }

    fn check_invariants(tested: &Self, model: &Model) {
        let store = &tested.stores[0];
        let rows = tested.runtime.block_on(store.list(Filter::all(), None, 1000)).unwrap();
        let expected: Vec<_> = model.rows.iter().enumerate().filter(|(_, row)| !row.pruned).collect();
        assert_eq!(rows.len(), expected.len());
        for (found, (number, row)) in rows.iter().zip(expected) {
            assert_eq!((found.seq, found.copies), (tested.seqs[number], row.copies));
            let states: Vec<State> = found.sinks.iter().map(|sink| sink.state).collect();
            assert_eq!(states, row.sinks.each_ref().map(|sink| sink.state), "row {number}");
        }
        // Every row is somewhere at every sink.
        for sink in tested.runtime.block_on(store.counts(true)).unwrap() {
            let sum = sink.pending + sink.claimed + sink.dead + sink.done.unwrap() + sink.skipped.unwrap();
            assert_eq!(sum, rows.len() as u64, "{sink:?}");
        }
    }
}

fn delivery(key: u8) -> NewDelivery {
    let name = key.to_string();
    if Model::is_forever(key) {
        NewDelivery::raw("v", &IdempotencyKey::vendor(&name), name)
    } else {
        NewDelivery::raw("v", &IdempotencyKey::fingerprint(name.as_bytes()), name).unique_for(WINDOW)
    }
}

fn run(cases: u32, processes: usize, place: fn(&Runtime) -> Place) {
    NEXT.set(place);
    PROCESSES.set(processes);
    let config = Config { cases, failure_persistence: None, max_shrink_iters: 200, ..Config::default() };
    let mut runner = TestRunner::new(config.clone());
    runner
        .run(&Model::sequential_strategy(1..60), |(model, steps, seen)| {
            Tested::test_sequential(config.clone(), model, steps, seen);
            Ok(())
        })
        .unwrap();
}

#[test]
fn sqlite_does_what_the_model_does() {
    run(64, 2, |_| Place::sqlite());
}

// One process: the clocks of two connections differ by the time that their answers took.
#[cfg(feature = "postgres")]
#[test]
fn postgres_does_what_the_model_does() {
    if Runtime::new().unwrap().block_on(Place::postgres()).is_some() {
        run(24, 1, |runtime| runtime.block_on(Place::postgres()).unwrap());
    }
}
