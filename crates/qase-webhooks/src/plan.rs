//! Test plans.

use std::collections::BTreeMap;
use std::collections::btree_map;
use std::fmt;

use webhook_core::Wire;
use webhook_core::serde::Serializer;
use webhook_core::serde::de::{Deserializer, Error, MapAccess, SeqAccess, Unexpected, Visitor};
use webhook_core::shape::{Shape, element};
use webhook_core::wire::{Encoded, any, seed};

/// A plan that was added, edited or removed: an edited one comes with its cases, a removed one with its id only.
///
/// [Vendor page](https://docs.qase.io/general/webhooks/test-plan)
#[derive(Debug, Clone, PartialEq, Eq, Wire)]
#[non_exhaustive]
#[doc(alias = "plan.created")]
#[doc(alias = "plan.updated")]
#[doc(alias = "plan.deleted")]
pub struct Plan {
    /// The id of the plan within its project.
    pub id: u64,
    /// The title; in `plan.created` only.
    #[wire(optional)]
    pub title: Option<String>,
    /// What the plan is about; in `plan.created` only.
    #[wire(optional)]
    pub description: Option<String>,
    /// The cases in the plan; not in `plan.deleted`.
    #[wire(optional)]
    pub cases: Option<PlanCases>,
}

/// The cases in a plan, by id.
///
/// Today they come as an object with a number for each case, which is `[]` when it is empty (a PHP habit); before, they
/// came as a list of ids.
///
/// **Trap:** what the number of a case means is not documented: probably who is assigned, with `0` for nobody.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PlanCases {
    numbers: BTreeMap<u64, Option<i64>>,
    /// Came as a list of ids, and is written as one.
    as_list: bool,
}

impl PlanCases {
    /// The ids of the cases, from low to high.
    pub fn ids(&self) -> impl ExactSizeIterator<Item = u64> + '_ {
        self.numbers.keys().copied()
    }

    /// Whether the case is in the plan.
    pub fn contains(&self, id: u64) -> bool {
        self.numbers.contains_key(&id)
    }

    /// The number that came with the case, as it came; `None` when the case is not in the plan or has no number.
    pub fn number(&self, id: u64) -> Option<i64> {
        self.numbers.get(&id).copied().flatten()
    }

    /// The cases with their numbers, from low to high.
    pub fn iter(&self) -> btree_map::Iter<'_, u64, Option<i64>> {
        self.numbers.iter()
    }

    /// How many cases there are.
    pub fn len(&self) -> usize {
        self.numbers.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.numbers.is_empty()
    }
}

impl<'a> IntoIterator for &'a PlanCases {
    type Item = (&'a u64, &'a Option<i64>);
    type IntoIter = btree_map::Iter<'a, u64, Option<i64>>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl Wire for PlanCases {
    fn decode<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        any(deserializer, PlanCasesVisitor)
    }

    fn encode<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.as_list || self.is_empty() {
            serializer.collect_seq(self.ids())
        } else {
            serializer.collect_map(self.iter().map(|(id, number)| (id.to_string(), Encoded::new(number))))
        }
    }

    fn shape() -> Shape {
        Shape::OneOf(&[|| Shape::Map(element::<Option<i64>>), || Shape::List(u64::shape)])
    }
}

webhook_core::wire_as_serde!(PlanCases);

struct PlanCasesVisitor;

impl<'de> Visitor<'de> for PlanCasesVisitor {
    type Value = PlanCases;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object keyed by case id, or a list of case ids")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<PlanCases, A::Error> {
        let mut cases = PlanCases::default();
        while let Some(id) = map.next_key_seed(seed::<u64>())? {
            if cases.numbers.insert(id, map.next_value_seed(seed())?).is_some() {
                return Err(A::Error::invalid_value(
                    Unexpected::Other("a case that came before"),
                    &"every case once",
                ));
            }
        }
        Ok(cases)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<PlanCases, A::Error> {
        let mut cases = PlanCases::default();
        while let Some(id) = sequence.next_element_seed(seed::<u64>())? {
            cases.numbers.insert(id, None);
            cases.as_list = true;
        }
        Ok(cases)
    }
}
