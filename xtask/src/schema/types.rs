//! The named types of a vendor's deliveries, each with a unique name.

use webhook_core::describe::{Field, Shape};

/// Named types in the order in which they are mentioned.
#[derive(Default)]
pub(super) struct Types(Vec<Shape>);

impl Types {
    /// The place of a type, which is added if it is new.
    pub(super) fn place(&mut self, shape: Shape) -> usize {
        self.0.iter().position(|known| same(*known, shape)).unwrap_or_else(|| {
            self.0.push(shape);
            self.0.len() - 1
        })
    }

    /// The type at a place.
    pub(super) fn at(&self, place: usize) -> Option<Shape> {
        self.0.get(place).copied()
    }

    /// The name of the type at a place; the second type of one name has a number.
    pub(super) fn name(&self, place: usize) -> String {
        let own = self.0.get(place).map_or("", |shape| name(*shape));
        match self.0.iter().take(place).filter(|shape| name(**shape) == own).count() {
            0 => own.to_owned(),
            before => format!("{own}{}", before + 1),
        }
    }
}

fn name(shape: Shape) -> &'static str {
    match shape {
        Shape::Object { name, .. } | Shape::Vocabulary { name, .. } | Shape::Codes { name, .. } => name,
        _ => "",
    }
}

/// Whether two shapes are of one type: two modules of a vendor may have types of the same name.
fn same(one: Shape, other: Shape) -> bool {
    match (one, other) {
        (
            Shape::Object { name, doc, fields },
            Shape::Object { name: other_name, doc: other_doc, fields: other_fields },
        ) => {
            let keys = |fields: fn() -> &'static [Field]| fields().iter().map(|field| field.name);
            name == other_name && doc == other_doc && keys(fields).eq(keys(other_fields))
        }
        (
            Shape::Vocabulary { name, listed, .. },
            Shape::Vocabulary { name: other_name, listed: other_listed, .. },
        ) => name == other_name && listed == other_listed,
        (Shape::Codes { name, listed, .. }, Shape::Codes { name: other_name, listed: other_listed, .. }) => {
            name == other_name && listed == other_listed
        }
        _ => false,
    }
}
