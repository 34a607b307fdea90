//! The parts of a struct: its fields, its keys with their numbers, and the code for each step of reading and writing
//! it.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{Data, DeriveInput, Fields, Result};

use crate::attributes::{EventSpec, FieldSpec, StructSpec, doc_text};

/// A struct as the expansion needs it.
pub(crate) struct Struct {
    pub(crate) spec: StructSpec,
    pub(crate) ident: syn::Ident,
    visibility: syn::Visibility,
    pub(crate) doc: String,
    pub(crate) fields: Vec<FieldSpec>,
}

impl Struct {
    pub(crate) fn of(input: &DeriveInput) -> Result<Self> {
        let fields = match &input.data {
            Data::Struct(data) => match &data.fields {
                Fields::Named(fields) => &fields.named,
                other => return Err(syn::Error::new_spanned(other, "a payload must have named fields")),
            },
            _ => return Err(syn::Error::new_spanned(&input.ident, "`Wire` is for structs and enums")),
        };
        if !input.generics.params.is_empty() {
            return Err(syn::Error::new_spanned(&input.generics, "a payload must not have type parameters"));
        }
        let spec = StructSpec::of(&input.attrs)?;
        let fields = fields.iter().map(|field| FieldSpec::of(field, &spec)).collect::<Result<_>>()?;
        let doc = doc_text(&input.attrs);
        Ok(Self { spec, ident: input.ident.clone(), visibility: input.vis.clone(), doc, fields })
    }

    /// The fields that have a key of their own, in the order of their numbers.
    fn keyed(&self) -> impl Iterator<Item = &FieldSpec> {
        self.fields.iter().filter(|field| field.event.is_none() && !field.flatten)
    }

    fn flattened(&self) -> impl Iterator<Item = &FieldSpec> {
        self.fields.iter().filter(|field| field.flatten)
    }

    pub(crate) fn event(&self) -> Option<(&FieldSpec, &EventSpec)> {
        self.fields.iter().find_map(|field| Some((field, field.event.as_ref()?)))
    }

    /// Whether a field is the vendor's id of the event, which is read from the front of a body alone, too.
    fn is_id(&self, field: &FieldSpec) -> bool {
        let id = self.event().and_then(|(_, event)| event.id.as_ref());
        id.is_some_and(|id| id.value() == field.name)
    }

    /// Whether it matters which value of a field came first.
    fn is_ranked(&self, field: &FieldSpec) -> bool {
        !field.aliases.is_empty() || self.is_id(field)
    }

    /// The number of key numbers of this struct, without those of flattened structs.
    fn own_numbers(&self) -> u16 {
        number(self.keyed().map(|field| 1 + field.aliases.len()).sum())
    }

    /// The first number of each flattened struct.
    fn starts(&self) -> Vec<TokenStream> {
        let own = self.own_numbers();
        let mut start = quote!(#own);
        self.flattened()
            .map(|field| {
                let ty = &field.ty;
                let this = start.clone();
                start = quote!(#this + <#ty as ::webhook_core::wire::Object>::NUMBERS);
                this
            })
            .collect()
    }

    pub(crate) fn numbers(&self) -> TokenStream {
        let own = self.own_numbers();
        let types = self.flattened().map(|field| &field.ty);
        quote!(#own #(+ <#types as ::webhook_core::wire::Object>::NUMBERS)*)
    }

    /// The bits of the keys whose absence may be drift. Other spellings have no bit: drift looks at them.
    pub(crate) fn required(&self) -> TokenStream {
        self.bits(|field| !field.optional && !field.tolerated, |flattened| !flattened.optional)
    }

    /// The bits of the keys that identify the value.
    pub(crate) fn identity(&self) -> TokenStream {
        self.bits(|field| field.identity, |_| false)
    }

    /// One bit for each selected key; of a flattened struct, its required keys or its identity.
    fn bits(&self, own: impl Fn(&FieldSpec) -> bool, requires: impl Fn(&FieldSpec) -> bool) -> TokenStream {
        let asked = self.keyed().enumerate().filter(|(_, field)| own(field));
        let own = asked.filter_map(|(place, _)| 1_u64.checked_shl(u32::try_from(place).ok()?));
        let own = own.fold(0, |bits, bit| bits | bit);
        let flattened = self.flattened().zip(self.starts()).map(|(field, start)| {
            let ty = &field.ty;
            let bits = if requires(field) { quote!(REQUIRED) } else { quote!(IDENTITY) };
            quote!(| private::shift_bits(<#ty as ::webhook_core::wire::Object>::#bits, #start))
        });
        quote!(#own #(#flattened)*)
    }

    /// Every spelling of every key, with its number: canonical spellings first, then the others.
    fn spellings(&self) -> Vec<(&FieldSpec, u8, &str, u16)> {
        let mut next = number(self.keyed().count());
        let mut spellings = Vec::new();
        for (position, field) in self.keyed().enumerate() {
            spellings.push((field, 0, field.name.as_str(), number(position)));
            for (rank, alias) in (1..).zip(&field.aliases) {
                spellings.push((field, rank, alias, next));
                next += 1;
            }
        }
        spellings
    }

    pub(crate) fn keys(&self) -> TokenStream {
        let own = self.own_keys();
        let mut keys = quote!(&[#(#own),*]);
        for (field, start) in self.flattened().zip(self.starts()) {
            let ty = &field.ty;
            keys = quote! {{
                const OWN: &[(&str, u16)] = #keys;
                const FLATTENED: &[(&str, u16)] = <#ty as ::webhook_core::wire::Object>::KEYS;
                &private::concat_keys::<{ OWN.len() + FLATTENED.len() }>(OWN, FLATTENED, #start)
            }};
        }
        keys
    }

    /// The canonical keys as in JSON, each with its number.
    pub(crate) fn own_keys(&self) -> Vec<TokenStream> {
        self.keyed()
            .enumerate()
            .map(|(position, field)| {
                let (key, number) = (as_json_key(&field.name), number(position));
                quote!((#key, #number))
            })
            .collect()
    }

    pub(crate) fn number(&self) -> TokenStream {
        let arms = self.spellings().into_iter().map(|(_, _, key, number)| quote!(#key => #number,));
        let types = self.flattened().map(|field| &field.ty);
        let starts = self.starts();
        quote! {
            match key {
                #(#arms)*
                _ => {
                    #(
                        let number = <#types as ::webhook_core::wire::Object>::number(key);
                        if number < <#types as ::webhook_core::wire::Object>::NUMBERS {
                            return #starts + number;
                        }
                    )*
                    private::UNKNOWN
                }
            }
        }
    }

    /// The struct under construction: a slot per field, and where it matters which spelling of the key filled it.
    pub(crate) fn partial(&self) -> TokenStream {
        let slots = self.fields.iter().map(|field| {
            let (slot, ty) = (&field.ident, &field.ty);
            match field {
                FieldSpec { flatten: true, .. } => {
                    quote!(#slot: <#ty as ::webhook_core::wire::Object>::Partial,)
                }
                FieldSpec { identity: true, .. } | FieldSpec { event: Some(_), .. } => {
                    quote!(#slot: ::core::option::Option<#ty>,)
                }
                _ => quote!(#slot: #ty,),
            }
        });
        let values = self.fields.iter().map(|field| {
            let (slot, ty) = (&field.ident, &field.ty);
            match field {
                FieldSpec { flatten: true, .. } => quote!(#slot: ::core::default::Default::default(),),
                FieldSpec { identity: true, .. } | FieldSpec { event: Some(_), .. } => {
                    quote!(#slot: ::core::option::Option::None,)
                }
                _ => quote!(#slot: <#ty as ::webhook_core::Absent>::absent(),),
            }
        });
        let ranks: Vec<_> = self.keyed().filter(|field| self.is_ranked(field)).map(rank).collect();
        quote! {
            #[doc(hidden)]
            #[allow(unreachable_pub, missing_debug_implementations, reason = "seen by the macro's own code only")]
            pub struct Partial { #(#slots)* #(#ranks: u8,)* }

            impl ::core::default::Default for Partial {
                #[inline]
                fn default() -> Self { Self { #(#values)* #(#ranks: u8::MAX,)* } }
            }
        }
    }

    pub(crate) fn read_field(&self) -> TokenStream {
        let arms = self.spellings().into_iter().map(|(field, spelling, _, number)| {
            let (slot, read, rank) = (&field.ident, read(field), rank(field));
            let null_expected = field.nullable || field.tolerated;
            let value =
                if field.identity { quote!(::core::option::Option::Some(value)) } else { quote!(value) };
            if !self.is_ranked(field) {
                return quote! {
                    #number => match #read? {
                        Some(value) => partial.#slot = #value,
                        None => json.note_none(#null_expected),
                    },
                };
            }
            // Of an id the first usable value counts, of everything else the last.
            let is_too_late = if self.is_id(field) { quote!(>=) } else { quote!(>) };
            quote! {
                #number => if #spelling #is_too_late partial.#rank {
                    json.note_unexpected();
                    json.skip()?;
                } else if let Some(value) = #read? {
                    partial.#slot = #value;
                    partial.#rank = #spelling;
                } else {
                    json.note_none(#null_expected);
                },
            }
        });
        let flattened = self.flattened().zip(self.starts()).map(|(field, start)| {
            let (slot, ty) = (&field.ident, &field.ty);
            quote! {
                number if (#start..#start + <#ty as ::webhook_core::wire::Object>::NUMBERS).contains(&number) => {
                    <#ty as ::webhook_core::wire::Object>::read_field(&mut partial.#slot, number - (#start), json)?;
                }
            }
        });
        quote! {
            match number {
                #(#arms)*
                #(#flattened)*
                _ => {
                    json.note_unexpected();
                    json.skip()?;
                }
            }
            Ok(())
        }
    }

    pub(crate) fn finish(&self) -> TokenStream {
        let flattened = self.flattened().map(|field| {
            let (slot, ty) = (&field.ident, &field.ty);
            quote!(let #slot = <#ty as ::webhook_core::wire::Object>::finish(partial.#slot)?;)
        });
        let alternatives = self.fields.iter().filter(|field| !field.or.is_empty()).map(|field| {
            let (slot, ty) = (&field.ident, &field.ty);
            let ways = field.or.iter().map(|path| self.alternative(path, ty));
            quote!(let #slot = partial.#slot #(.or_else(|| #ways))*?;)
        });
        let values = self.fields.iter().map(|field| {
            let slot = &field.ident;
            match field {
                FieldSpec { flatten: true, .. } => quote!(#slot,),
                FieldSpec { or, .. } if !or.is_empty() => quote!(#slot,),
                FieldSpec { identity: true, .. } | FieldSpec { event: Some(_), .. } => {
                    quote!(#slot: partial.#slot?,)
                }
                _ => quote!(#slot: partial.#slot,),
            }
        });
        quote! {
            #(#flattened)*
            #(#alternatives)*
            Some(Self { #(#values)* })
        }
    }

    /// The identity in an alternative place. The fields on its path are options, except flattened ones.
    fn alternative(&self, path: &syn::LitStr, ty: &syn::Type) -> TokenStream {
        let text = path.value();
        let mut segments = text.split('.').map(|segment| syn::Ident::new(segment, path.span()));
        let Some(first) = segments.next() else { return quote!(None) };
        let start = if self.flattened().any(|field| field.ident == first) {
            quote!(Some(&#first))
        } else {
            quote!(partial.#first.as_ref())
        };
        let segments: Vec<_> = segments.collect();
        let Some((last, between)) = segments.split_last() else { return start };
        quote! {
            #start
                #(.and_then(|value| value.#between.as_ref()))*
                .and_then(|value| ::core::convert::Into::<::core::option::Option<#ty>>::into(
                    ::core::clone::Clone::clone(&value.#last),
                ))
        }
    }

    pub(crate) fn write_fields(&self) -> TokenStream {
        let writes = self.fields.iter().filter(|field| field.event.is_none()).map(|field| {
            let (slot, key, ty) = (&field.ident, &field.name, &field.ty);
            let optional = field.optional;
            if field.flatten {
                return quote!(::webhook_core::wire::Object::write_fields(&self.#slot, map, sparse || #optional)?;);
            }
            let value = match &field.with {
                None => quote!(::webhook_core::wire::Written(&self.#slot)),
                Some(with) => quote!(::webhook_core::wire::WrittenAs::<#with, #ty>::new(&self.#slot)),
            };
            let nothing = match (field.identity, optional) {
                (true, _) => quote!(false),
                (false, true) => quote!(::webhook_core::Absent::is_absent(&self.#slot)),
                (false, false) => quote!(sparse && ::webhook_core::Absent::is_absent(&self.#slot)),
            };
            quote!(private::write_unless(map, #key, &#value, #nothing)?;)
        });
        quote!(#(#writes)*)
    }

    pub(crate) fn descriptions(&self) -> TokenStream {
        let own = self.keyed().map(|field| self.description(field));
        let own = quote!(const FIELDS: &[::webhook_core::describe::Field] = &[#(#own),*];);
        if self.flattened().next().is_none() {
            return quote!(#own FIELDS);
        }
        let flattened = self.flattened().map(|field| {
            let (ty, optional) = (&field.ty, field.optional);
            quote! {
                fields.extend(<#ty as ::webhook_core::wire::Object>::fields().iter().map(|field| {
                    field.documented(field.nullable, field.optional || (#optional && !field.identity))
                }));
            }
        });
        quote! {
            #own
            static ALL: ::std::sync::LazyLock<::std::vec::Vec<::webhook_core::describe::Field>> =
                ::std::sync::LazyLock::new(|| {
                    let mut fields = FIELDS.to_vec();
                    #(#flattened)*
                    fields
                });
            &ALL
        }
    }

    fn description(&self, field: &FieldSpec) -> TokenStream {
        let (name, ty, doc) = (&field.name, &field.ty, &field.doc);
        let FieldSpec { aliases, nullable, optional, tolerated, .. } = field;
        let shape = match &field.with {
            None => quote!(<#ty as ::webhook_core::Wire>::shape),
            Some(with) => quote!(<#with as ::webhook_core::wire::WireAs<#ty>>::shape),
        };
        let identity = field.identity.then(|| {
            let or = field.or.iter().map(|path| self.wire_path(&path.value()));
            quote!(.identifying(&[#(#or),*]))
        });
        quote! {
            ::webhook_core::describe::Field::new(#name, #doc, #shape)
                .documented(#nullable, #optional)
                .tolerated(#tolerated)
                .with_aliases(&[#(#aliases),*])
                #identity
        }
    }

    /// A path through fields as a path through keys.
    fn wire_path(&self, path: &str) -> String {
        let mut keys = Vec::new();
        for (position, segment) in path.split('.').enumerate() {
            match self.fields.iter().find(|field| position == 0 && field.ident == segment) {
                Some(field) if field.flatten => {}
                Some(field) => keys.push(field.name.clone()),
                None => keys.push(self.spec.key(segment)),
            }
        }
        keys.join(".")
    }

    /// A value with only its identity.
    pub(crate) fn constructor(&self) -> TokenStream {
        let (ident, visibility) = (&self.ident, &self.visibility);
        let given = |field: &&FieldSpec| field.identity || field.flatten || field.event.is_some();
        let arguments: Vec<_> = self.fields.iter().filter(given).collect();
        let names: Vec<_> = arguments.iter().map(|field| &field.ident).collect();
        let types = arguments.iter().map(|field| &field.ty);
        let absent = self.fields.iter().filter(|field| !given(field)).map(|field| &field.ident);
        let doc = if names.is_empty() {
            "An empty value, to be filled in for tests."
        } else {
            "A value with only its identity, to be filled in for tests."
        };
        let default = names.is_empty().then(|| {
            quote! {
                #[automatically_derived]
                impl ::core::default::Default for #ident {
                    fn default() -> Self { Self::new() }
                }
            }
        });
        quote! {
            #[automatically_derived]
            impl #ident {
                #[doc = #doc]
                #[allow(dead_code, reason = "for users")]
                #visibility fn new(#(#names: #types),*) -> Self {
                    Self { #(#names,)* #(#absent: ::webhook_core::Absent::absent(),)* }
                }
            }
            #default
        }
    }
}

/// A key from its quotation mark to the colon.
pub(crate) fn as_json_key(key: &str) -> String {
    format!("\"{key}\":")
}

fn rank(field: &FieldSpec) -> syn::Ident {
    format_ident!("rank_of_{}", field.ident)
}

fn read(field: &FieldSpec) -> TokenStream {
    let ty = &field.ty;
    match &field.with {
        None => quote!(<#ty as ::webhook_core::Wire>::read(json)),
        Some(with) => quote!(<#with as ::webhook_core::wire::WireAs<#ty>>::read(json)),
    }
}

/// A struct never has that many keys.
fn number(count: usize) -> u16 {
    u16::try_from(count).unwrap_or(u16::MAX)
}
