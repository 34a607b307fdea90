//! The attributes `#[wire(..)]` of a struct and of a field.

use syn::ext::IdentExt as _;
use syn::meta::ParseNestedMeta;
use syn::{Attribute, Expr, ExprLit, Field, Lit, LitStr, Result, Type};

/// The attributes of a struct.
#[derive(Default)]
pub(crate) struct StructSpec {
    camel_case: bool,
    /// The vendor, on an envelope.
    pub(crate) vendor: Option<LitStr>,
}

/// A field as the expansion needs it.
pub(crate) struct FieldSpec {
    pub(crate) ident: syn::Ident,
    pub(crate) ty: Type,
    /// The key the vendor writes.
    pub(crate) name: String,
    pub(crate) aliases: Vec<String>,
    pub(crate) with: Option<Type>,
    pub(crate) nullable: bool,
    pub(crate) optional: bool,
    pub(crate) tolerated: bool,
    pub(crate) flatten: bool,
    pub(crate) identity: bool,
    /// Alternative places of the identity: paths through the other fields.
    pub(crate) or: Vec<LitStr>,
    pub(crate) event: Option<EventSpec>,
    pub(crate) doc: String,
}

/// The keys of an envelope that are not fields.
#[derive(Default)]
pub(crate) struct EventSpec {
    pub(crate) name: Option<LitStr>,
    pub(crate) old_name: Option<LitStr>,
    pub(crate) payload: Option<LitStr>,
    pub(crate) id: Option<LitStr>,
}

impl StructSpec {
    pub(crate) fn of(attributes: &[Attribute]) -> Result<Self> {
        let mut spec = Self::default();
        for attribute in attributes.iter().filter(|a| a.path().is_ident("wire")) {
            attribute.parse_nested_meta(|meta| {
                if meta.path.is_ident("rename_all") {
                    let value = text(&meta)?;
                    if value.value() != "camelCase" {
                        return Err(syn::Error::new(value.span(), "`rename_all` accepts only \"camelCase\""));
                    }
                    spec.camel_case = true;
                } else if meta.path.is_ident("vendor") {
                    spec.vendor = Some(text(&meta)?);
                } else {
                    return Err(
                        meta.error("a struct takes `rename_all = \"camelCase\"` and `vendor = \"..\"`")
                    );
                }
                Ok(())
            })?;
        }
        Ok(spec)
    }

    pub(crate) fn key(&self, ident: &str) -> String {
        if !self.camel_case {
            return ident.to_owned();
        }
        let mut words = ident.split('_');
        let first = words.next().unwrap_or_default().to_owned();
        words.fold(first, |mut key, word| {
            let mut letters = word.chars();
            key.extend(letters.next().map(|letter| letter.to_ascii_uppercase()));
            key.extend(letters);
            key
        })
    }
}

impl FieldSpec {
    pub(crate) fn of(field: &Field, of_struct: &StructSpec) -> Result<Self> {
        let Some(ident) = field.ident.clone() else {
            return Err(syn::Error::new_spanned(field, "fields must have names"));
        };
        let mut spec = Self {
            name: of_struct.key(&ident.unraw().to_string()),
            ident,
            ty: field.ty.clone(),
            aliases: Vec::new(),
            with: None,
            nullable: false,
            optional: false,
            tolerated: false,
            flatten: false,
            identity: false,
            or: Vec::new(),
            event: None,
            doc: doc_text(&field.attrs),
        };
        for attribute in field.attrs.iter().filter(|a| a.path().is_ident("wire")) {
            attribute.parse_nested_meta(|meta| spec.take(&meta))?;
            spec.check(attribute)?;
        }
        Ok(spec)
    }

    fn take(&mut self, meta: &ParseNestedMeta<'_>) -> Result<()> {
        let Some(word) = meta.path.get_ident().map(ToString::to_string) else {
            return Err(meta.error(EXPECTED));
        };
        match (word.as_str(), &mut self.event) {
            ("name", Some(event)) => event.name = Some(text(meta)?),
            ("old_name", Some(event)) => event.old_name = Some(text(meta)?),
            ("payload", Some(event)) => event.payload = Some(text(meta)?),
            ("id", Some(event)) => event.id = Some(text(meta)?),
            (_, Some(_)) => return Err(meta.error("`event` takes `name`, `old_name`, `payload` and `id`")),
            ("event", None) => self.event = Some(EventSpec::default()),
            ("rename", None) => self.name = text(meta)?.value(),
            ("alias", None) => self.aliases.push(text(meta)?.value()),
            ("with", None) => self.with = Some(meta.value()?.parse()?),
            ("nullable", None) => self.nullable = true,
            ("optional", None) => self.optional = true,
            ("tolerated", None) => self.tolerated = true,
            ("flatten", None) => self.flatten = true,
            ("identity", None) => self.identity = true,
            ("or", None) => self.or.push(text(meta)?),
            _ => return Err(meta.error(EXPECTED)),
        }
        Ok(())
    }

    /// Rejects contradicting attributes.
    fn check(&self, attribute: &Attribute) -> Result<()> {
        let refuse = |message| Err(syn::Error::new_spanned(attribute, message));
        if self.identity && (self.optional || self.nullable || self.tolerated) {
            return refuse(
                "an identity is always present: it takes no `optional`, `nullable` or `tolerated`",
            );
        }
        if !self.or.is_empty() && !self.identity {
            return refuse("`or` is an alternative path of an identity: write `identity, or = \"..\"`");
        }
        let keyed = !self.aliases.is_empty() || self.with.is_some() || self.nullable || self.identity;
        if self.flatten && keyed {
            return refuse(
                "a flattened field has no key of its own: besides `flatten` it takes only `optional`",
            );
        }
        match &self.event {
            Some(EventSpec { name: Some(_), payload: Some(_), .. }) | None => Ok(()),
            Some(_) => refuse("`event` needs `name = \"..\"` and `payload = \"..\"`"),
        }
    }
}

const EXPECTED: &str =
    "expected rename, alias, with, nullable, optional, tolerated, flatten, identity, or, event";

fn text(meta: &ParseNestedMeta<'_>) -> Result<LitStr> {
    meta.value()?.parse()
}

/// The description of a field in a schema, on one line: the first paragraph of its doc comment, and its traps.
pub(crate) fn doc_text(attributes: &[Attribute]) -> String {
    const TRAP: &str = "**Trap:**";
    let lines = attributes.iter().filter_map(|attribute| {
        let meta = attribute.meta.require_name_value().ok()?;
        match (&meta.value, meta.path.is_ident("doc")) {
            (Expr::Lit(ExprLit { lit: Lit::Str(text), .. }), true) => Some(text.value().trim().to_owned()),
            _ => None,
        }
    });
    let lines: Vec<String> = lines.collect();
    let paragraphs = lines.split(String::is_empty).map(|paragraph| paragraph.join(" "));
    let shown = paragraphs.enumerate().filter(|(position, text)| *position == 0 || text.starts_with(TRAP));
    shown.map(|(_, text)| text.replacen(TRAP, "Trap:", 1)).collect::<Vec<_>>().join(" ")
}
