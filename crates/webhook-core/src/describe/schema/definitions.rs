//! The named types of a schema, which refer to each other by name.

use serde_json::{Map, Value, json};

use crate::describe::Field;

/// The named types that schemas refer to, generated on first use.
#[derive(Debug, Clone)]
pub struct Definitions {
    types: Map<String, Value>,
    path: String,
    prefix: &'static str,
}

impl Definitions {
    /// An empty list of definitions. They will be at this place of the document: `#/$defs/`, or `#/components/schemas/`
    /// in OpenAPI.
    pub fn at(path: &str) -> Self {
        Self::over(Map::new(), path.to_owned(), "")
    }

    /// The definitions of another document, to which ours are added with a prefix. The prefix is also the end of the
    /// path.
    pub(super) fn over(types: Map<String, Value>, path: String, prefix: &'static str) -> Self {
        Self { types, path, prefix }
    }

    /// The finished types by their names.
    pub fn into_map(self) -> Map<String, Value> {
        self.types
    }

    /// A reference to a type. The type is generated first if it is missing, and registered before its fields, so that
    /// it may contain itself.
    pub(super) fn refer(
        &mut self,
        name: &str,
        doc: &str,
        fields: &[Field],
        make: impl FnOnce(&mut Self) -> Value,
    ) -> Value {
        let head = head(name, doc, fields);
        // Two types may have the same name, in two modules of a vendor or at two vendors. The second gets a number.
        let mut number = 1;
        let unique = loop {
            let unique = if number == 1 { name.to_owned() } else { format!("{name}{number}") };
            match self.types.get(&format!("{}{unique}", self.prefix)) {
                None => break unique,
                Some(taken) if is_headed(taken, &head) => return self.reference(&unique),
                Some(_) => number += 1,
            }
        };
        let key = format!("{}{unique}", self.prefix);
        self.types.insert(key.clone(), head);
        let schema = make(self);
        self.types.insert(key, schema);
        self.reference(&unique)
    }

    fn reference(&self, unique: &str) -> Value {
        json!({ "$ref": format!("{}{unique}", self.path) })
    }
}

/// The identity of a type during generation: its name, its documentation, its keys.
fn head(name: &str, doc: &str, fields: &[Field]) -> Value {
    let keys = fields.iter().flat_map(|field| std::iter::once(&field.name).chain(field.aliases));
    let properties: Map<String, Value> = keys.map(|key| ((*key).to_owned(), Value::Bool(true))).collect();
    json!({ "title": name, "description": doc, "properties": properties })
}

fn is_headed(schema: &Value, head: &Value) -> bool {
    let keys = |schema: &Value| -> Option<Vec<String>> {
        Some(schema.get("properties")?.as_object()?.keys().cloned().collect())
    };
    let texts = ["title", "description"];
    texts.iter().all(|key| schema.get(key) == head.get(key)) && keys(schema) == keys(head)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::describe::Shape;
    use crate::schema::of_shape;

    fn tree() -> Shape {
        const FIELDS: &[Field] = &[Field::new("branches", "", || Shape::List(tree))];
        Shape::Object { name: "Tree", doc: "A tree.", fields: || FIELDS }
    }

    fn other_tree() -> Shape {
        const FIELDS: &[Field] = &[Field::new("tree", "", tree)];
        Shape::Object { name: "Tree", doc: "A park with one tree.", fields: || FIELDS }
    }

    /// The schemas that the schema of a named type refers to, besides the forms of an empty value.
    fn reference(shape: Shape, definitions: &mut Definitions) -> Value {
        of_shape(shape, definitions).pointer("/anyOf/0/$ref").cloned().unwrap_or_default()
    }

    #[test]
    fn a_type_that_contains_itself_is_made_once() {
        let mut definitions = Definitions::at("#/$defs/");
        assert_eq!(reference(tree(), &mut definitions), "#/$defs/Tree");
        let types = definitions.into_map();
        assert_eq!(types.keys().collect::<Vec<_>>(), ["Tree"]);
        assert!(Value::Object(types).to_string().contains(r##""$ref":"#/$defs/Tree""##));
    }

    #[test]
    fn two_types_with_one_name_have_two_definitions() {
        let mut definitions = Definitions::at("#/$defs/");
        assert_eq!(reference(other_tree(), &mut definitions), "#/$defs/Tree");
        assert_eq!(reference(tree(), &mut definitions), "#/$defs/Tree2");
        assert_eq!(reference(other_tree(), &mut definitions), "#/$defs/Tree");
        assert_eq!(definitions.into_map().len(), 2);
    }
}
