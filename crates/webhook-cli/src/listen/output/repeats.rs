//! The number of earlier deliveries with the same key.

use std::collections::{HashMap, VecDeque};
use std::hash::{BuildHasher as _, RandomState};

use crate::vendor::Vendor;

/// The number of keys that are kept. The oldest key is removed first.
const MAX_KEYS: usize = 10_000;

/// The keys of the last deliveries. Each is stored as a hash, so that long keys do not use more memory.
#[derive(Default)]
pub(super) struct Repeats {
    times: HashMap<u64, u64>,
    order: VecDeque<u64>,
    hasher: RandomState,
}

impl Repeats {
    /// Records a key, and returns how often it occurred before.
    pub(super) fn note(&mut self, vendor: Vendor, key: &str) -> u64 {
        let hash = self.hasher.hash_one((vendor, key));
        let before = self.times.get(&hash).copied();
        self.times.insert(hash, before.map_or(1, |times| times + 1));
        if before.is_none() {
            self.order.push_back(hash);
            if self.order.len() > MAX_KEYS
                && let Some(oldest) = self.order.pop_front()
            {
                self.times.remove(&oldest);
            }
        }
        before.unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_counted_for_its_vendor_and_forgotten_in_the_end() {
        let mut repeats = Repeats::default();
        assert_eq!([0; 3].map(|_: i32| repeats.note(Vendor::Qase, "a")), [0, 1, 2]);
        assert_eq!(repeats.note(Vendor::Deepsource, "a"), 0);
        for number in 0..MAX_KEYS {
            repeats.note(Vendor::Monitorqa, &number.to_string());
        }
        assert_eq!(repeats.note(Vendor::Qase, "a"), 0);
        assert!(repeats.times.len() <= MAX_KEYS && repeats.order.len() <= MAX_KEYS);
    }
}
