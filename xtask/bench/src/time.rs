//! Time, as ratios within one run: rounds in which every subject takes its turn, and the median over the rounds.

use std::time::Instant;

use crate::subject::{Group, Subject};

const ROUNDS: usize = 51;

/// The duration of one turn: long enough that the resolution of the clock does not matter.
const TURN_SECONDS: f64 = 0.000_4;

/// For every subject, its time relative to the first one of its group.
pub fn ratios(group: &Group) -> Vec<f64> {
    let repetitions: Vec<u32> = group.subjects.iter().map(repetitions).collect();
    let mut ratios = vec![Vec::with_capacity(ROUNDS); group.subjects.len()];
    for _ in 0..ROUNDS {
        let mut base = None;
        for ((subject, repetitions), ratios) in group.subjects.iter().zip(&repetitions).zip(&mut ratios) {
            let seconds = seconds(subject, *repetitions);
            ratios.push(seconds / *base.get_or_insert(seconds));
        }
    }
    ratios.into_iter().map(median).collect()
}

fn repetitions(subject: &Subject) -> u32 {
    let once = (0..3).map(|_| seconds(subject, 1)).fold(f64::INFINITY, f64::min);
    let wanted = (TURN_SECONDS / once.max(1e-9)).clamp(1.0, 1e5);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 1 and 100,000")]
    let wanted = wanted as u32;
    wanted
}

fn seconds(subject: &Subject, repetitions: u32) -> f64 {
    let start = Instant::now();
    for _ in 0..repetitions {
        (subject.run)();
    }
    start.elapsed().as_secs_f64() / f64::from(repetitions)
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
