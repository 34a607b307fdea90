//! Expansion for an enum whose variants have one value each.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{DataEnum, DeriveInput, Fields, Result, Variant};

/// Expands `#[derive(Wire)]` on an enum: the first variant that can read the JSON is chosen.
pub(crate) fn expand(input: &DeriveInput, data: &DataEnum) -> Result<TokenStream> {
    let ident = &input.ident;
    let types = data.variants.iter().map(only_type).collect::<Result<Vec<_>>>()?;
    let names: Vec<_> = data.variants.iter().map(|variant| &variant.ident).collect();
    let rests = (1..types.len()).map(|next| {
        let rest = types.iter().skip(next);
        quote!(&[#(<#rest as ::webhook_core::Wire>::shape),*])
    });
    let (Some((last_type, first_types)), Some((last_name, first_names))) =
        (types.split_last(), names.split_last())
    else {
        return Err(syn::Error::new_spanned(ident, "an enum needs a variant"));
    };
    Ok(quote! {
        const _: () = {
            use ::webhook_core::__private as private;

            #[automatically_derived]
            impl ::webhook_core::Wire for #ident {
                fn read(
                    json: &mut ::webhook_core::json::Reader<'_>,
                ) -> ::core::result::Result<::core::option::Option<Self>, ::webhook_core::json::NotJson> {
                    #(
                        if let Some(value) = private::first_of::<#first_types>(json, #rests)? {
                            return Ok(Some(Self::#first_names(value)));
                        }
                    )*
                    Ok(<#last_type as ::webhook_core::Wire>::read(json)?.map(Self::#last_name))
                }
                fn write<S: private::serde::Serializer>(
                    &self,
                    serializer: S,
                ) -> ::core::result::Result<S::Ok, S::Error> {
                    match self {
                        #(Self::#names(value) => ::webhook_core::Wire::write(value, serializer),)*
                    }
                }
                fn shape() -> ::webhook_core::describe::Shape {
                    ::webhook_core::describe::Shape::OneOf(&[#(<#types as ::webhook_core::Wire>::shape),*])
                }
            }
            ::webhook_core::wire_as_serde!(#ident);
        };
    })
}

fn only_type(variant: &Variant) -> Result<&syn::Type> {
    match &variant.fields {
        Fields::Unnamed(fields) if fields.unnamed.len() == 1 => fields.unnamed.first(),
        _ => None,
    }
    .map(|field| &field.ty)
    .ok_or_else(|| syn::Error::new_spanned(variant, "a variant must have one value, as in `Id(u64)`"))
}
