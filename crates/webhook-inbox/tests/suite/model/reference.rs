//! What the store is meant to do, in memory and without any care for speed.

use std::time::Duration;

use proptest::prelude::*;
use proptest_state_machine::ReferenceStateMachine;
use webhook_inbox::State;
use webhook_inbox::store::End;

pub(crate) const SINKS: [&str; 2] = ["a", "b"];
/// Longer than a case takes by far, so that only the steps of the model move time.
pub(crate) const LEASE: Duration = Duration::from_secs(600);
pub(crate) const WINDOW: Duration = Duration::from_secs(2000);
const RETRY: Duration = Duration::from_secs(300);

#[derive(Debug, Clone)]
pub(crate) enum Step {
    /// Deliveries with these keys, in one batch.
    Put(Vec<u8>),
    /// Everything that is due at a sink.
    Claim(usize),
    /// The end of one of the leases that were given out so far, long ago or just now.
    Settle(usize, End),
    Renew(usize),
    Replay(usize),
    Prune {
        dead: bool,
    },
    /// Time, in seconds.
    Pass(i64),
}

#[derive(Debug, Clone, Default)]
pub(crate) struct Model {
    now: i64,
    pub(crate) rows: Vec<Row>,
    /// The leases that were given out: row, sink and number.
    leases: Vec<(usize, usize, u32)>,
    /// What the last step is to answer.
    pub(crate) kept: Vec<KeptRow>,
    pub(crate) claimed: Vec<(usize, u32)>,
    pub(crate) tried: Option<Tried>,
    pub(crate) changed: u64,
}

#[derive(Debug, Clone)]
pub(crate) struct Row {
    key: u8,
    /// Until when its key stands for it; `None` for ever.
    until: Option<i64>,
    pub(crate) copies: u64,
    pub(crate) pruned: bool,
    pub(crate) sinks: [AtSink; 2],
}

#[derive(Debug, Clone)]
pub(crate) struct AtSink {
    pub(crate) state: State,
    attempts: u32,
    due: i64,
    lease: u32,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct KeptRow {
    pub(crate) row: usize,
    pub(crate) new: bool,
}

/// The use of a lease.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Tried {
    pub(crate) lease: usize,
    pub(crate) end: End,
    pub(crate) held: bool,
}

impl Model {
    /// Some keys are a vendor's ids, the others fingerprints.
    pub(crate) fn is_forever(key: u8) -> bool {
        key.is_multiple_of(2)
    }

    fn put(&mut self, key: u8) -> KeptRow {
        let now = self.now;
        // A pruned row is recognised as long as its key stands for it, and only the newest of a key does.
        let known = self.rows.iter().rposition(|row| row.key == key);
        if let Some(row) = known.filter(|row| self.rows[*row].until.is_none_or(|until| until > now)) {
            self.rows[row].copies += 1;
            return KeptRow { row, new: false };
        }
        let until = (!Self::is_forever(key)).then(|| now + seconds(WINDOW));
        let sink = AtSink { state: State::Pending, attempts: 0, due: now, lease: 0 };
        self.rows.push(Row { key, until, copies: 1, pruned: false, sinks: [sink.clone(), sink] });
        KeptRow { row: self.rows.len() - 1, new: true }
    }

    /// The dispatch that a lease still holds.
    fn held(&mut self, lease: usize) -> Option<&mut AtSink> {
        let now = self.now;
        let (row, sink, number) = self.leases[lease];
        let row = self.rows.get_mut(row).filter(|row| !row.pruned)?;
        Some(&mut row.sinks[sink])
            .filter(|at| at.state == State::Claimed && at.lease == number && at.due > now)
    }
}

impl ReferenceStateMachine for Model {
    type State = Self;
    type Transition = Step;

    fn init_state() -> BoxedStrategy<Self> {
        Just(Self::default()).boxed()
    }

    fn transitions(_: &Self) -> BoxedStrategy<Step> {
        let end = prop_oneof![
            3 => Just(End::Done),
            1 => Just(End::Dead),
            1 => Just(End::Skipped),
            2 => Just(End::Retry(RETRY)),
            1 => Just(End::Released),
        ];
        prop_oneof![
            4 => prop::collection::vec(0..8_u8, 1..5).prop_map(Step::Put),
            4 => (0..2_usize).prop_map(Step::Claim),
            6 => (any::<prop::sample::Index>(), end).prop_map(|(lease, end)| Step::Settle(lease.index(1 << 20), end)),
            2 => any::<prop::sample::Index>().prop_map(|lease| Step::Renew(lease.index(1 << 20))),
            1 => (0..2_usize).prop_map(Step::Replay),
            1 => any::<bool>().prop_map(|dead| Step::Prune { dead }),
            3 => prop_oneof![Just(300), Just(600), Just(900), Just(2000)].prop_map(Step::Pass),
        ]
        .boxed()
    }

    fn apply(mut model: Self, step: &Step) -> Self {
        let now = model.now;
        model.kept.clear();
        model.claimed.clear();
        model.tried = None;
        model.changed = 0;
        match step {
            Step::Put(keys) => {
                for key in keys {
                    let kept = model.put(*key);
                    model.kept.push(kept);
                }
            }
            Step::Claim(sink) => {
                for (number, row) in model.rows.iter_mut().enumerate().filter(|(_, row)| !row.pruned) {
                    let at = &mut row.sinks[*sink];
                    if matches!(at.state, State::Pending | State::Claimed) && at.due <= now {
                        at.state = State::Claimed;
                        at.attempts += 1;
                        at.lease += 1;
                        at.due = now + seconds(LEASE);
                        model.claimed.push((number, at.attempts));
                        model.leases.push((number, *sink, at.lease));
                    }
                }
            }
            Step::Settle(lease, end) if !model.leases.is_empty() => {
                let lease = lease % model.leases.len();
                let held = model.held(lease).map(|at| {
                    (at.state, at.due) = match end {
                        End::Done => (State::Done, now),
                        End::Dead => (State::Dead, now),
                        End::Skipped => (State::Skipped, now),
                        End::Retry(wait) => (State::Pending, now + seconds(*wait)),
                        _ => (State::Pending, now),
                    };
                    at.attempts -= u32::from(*end == End::Released);
                });
                model.tried = Some(Tried { lease, end: *end, held: held.is_some() });
            }
            Step::Renew(lease) if !model.leases.is_empty() => {
                let lease = lease % model.leases.len();
                let held = model.held(lease).map(|at| at.due = now + seconds(LEASE));
                model.tried = Some(Tried { lease, end: End::Done, held: held.is_some() });
            }
            Step::Settle(..) | Step::Renew(_) => {}
            Step::Replay(sink) => {
                for row in model.rows.iter_mut().filter(|row| !row.pruned) {
                    let at = &mut row.sinks[*sink];
                    if matches!(at.state, State::Done | State::Dead | State::Skipped) {
                        *at = AtSink { state: State::Pending, attempts: 0, due: now, lease: at.lease + 1 };
                        model.changed += 1;
                    }
                }
            }
            Step::Prune { dead } => {
                for row in model.rows.iter_mut().filter(|row| !row.pruned) {
                    let waits = |at: &AtSink| match at.state {
                        State::Dead => !dead,
                        state => matches!(state, State::Pending | State::Claimed),
                    };
                    if !row.sinks.iter().any(waits) {
                        row.pruned = true;
                        model.changed += 1;
                    }
                }
            }
            Step::Pass(seconds) => model.now += seconds,
        }
        model
    }
}

fn seconds(duration: Duration) -> i64 {
    i64::try_from(duration.as_secs()).unwrap()
}
