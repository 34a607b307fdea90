//! The acknowledgements of the recorded process, compared with the content of an inbox.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::AddAssign;

use anyhow::{Context, Result, bail};

/// The acknowledgements up to some moment, or the content of an inbox.
#[derive(Debug, Default)]
pub(crate) struct Promises {
    /// How often each delivery was acknowledged.
    kept: BTreeMap<u64, u64>,
    /// The deliveries that are settled at the sink.
    settled: BTreeSet<u64>,
}

/// Acknowledged data that is missing.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Lost {
    /// Deliveries that do not exist.
    pub(crate) deliveries: u64,
    /// Missing copies of deliveries that exist.
    pub(crate) repetitions: u64,
    /// Deliveries that exist, but would be handled again.
    pub(crate) settlements: u64,
}

impl Promises {
    /// Takes in one line: `kept NUMBER`, `kept NUMBER TIMES` or `settled NUMBER`.
    pub(crate) fn add(&mut self, line: &str) -> Result<()> {
        let mut words = line.split_whitespace();
        let what = words.next().unwrap_or_default();
        let number = |word: Option<&str>| word.and_then(|word| word.parse::<u64>().ok());
        let delivery = number(words.next()).with_context(|| format!("no number: {line}"))?;
        match what {
            "kept" => *self.kept.entry(delivery).or_default() += number(words.next()).unwrap_or(1),
            "settled" => {
                self.settled.insert(delivery);
            }
            _ => bail!("this acknowledgement is not understood: {line}"),
        }
        Ok(())
    }

    /// How many times a delivery was kept, repetitions included.
    pub(crate) fn kept(&self) -> usize {
        self.kept.values().sum::<u64>().try_into().unwrap_or(usize::MAX)
    }

    /// How many deliveries were settled.
    pub(crate) fn settled(&self) -> usize {
        self.settled.len()
    }

    /// What of this an inbox does not hold. It may hold more: what was stored and not yet acknowledged.
    pub(crate) fn missing_in(&self, held: &Self) -> Lost {
        let mut lost = Lost::default();
        for (number, times) in &self.kept {
            match held.kept.get(number) {
                None => lost.deliveries += 1,
                Some(copies) => lost.repetitions += times.saturating_sub(*copies),
            }
        }
        let there = self.settled.iter().filter(|number| held.kept.contains_key(number));
        lost.settlements = there.filter(|number| !held.settled.contains(number)).count() as u64;
        lost
    }
}

impl AddAssign for Lost {
    fn add_assign(&mut self, other: Self) {
        self.deliveries += other.deliveries;
        self.repetitions += other.repetitions;
        self.settlements += other.settlements;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn promises(lines: &[&str]) -> Promises {
        let mut promises = Promises::default();
        lines.iter().try_for_each(|line| promises.add(line)).unwrap();
        promises
    }

    #[test]
    fn each_kind_of_loss_is_counted_once() {
        let told = promises(&["kept 1", "kept 2", "kept 2", "kept 3", "settled 1", "settled 2", "settled 3"]);
        assert_eq!((told.kept(), told.settled()), (4, 3));
        let held = promises(&["kept 1 1", "kept 2 1", "settled 1", "kept 9 1"]);
        assert_eq!(told.missing_in(&held), Lost { deliveries: 1, repetitions: 1, settlements: 1 });
        assert_eq!(told.missing_in(&told), Lost::default());
        assert!(Promises::default().add("lost 1").is_err());
    }
}
