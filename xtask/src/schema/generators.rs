//! `cargo xtask schema --generators FOLDER`: checks that the code that generators write from the canonical documents accepts
//! every delivery in canonical spelling.
//!
//! Needs Python 3 with venv, Node.js with npm, and the network: missing generators are installed in the folder.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::process::succeed;
use crate::vendor::{AnyWebhook, Vendor, chosen};

/// Reads every delivery with the models of pydantic; prints how many were accepted.
const PYTHON: &str = include_str!("generators/check.py");
/// Converts every delivery with the checks that quicktype writes.
const QUICKTYPE: &str = include_str!("generators/check.ts");

pub(super) fn run(folder: &Path) -> Result<()> {
    install(folder)?;
    for vendor in chosen(None) {
        let work = folder.join(vendor.name());
        fs::create_dir_all(&work)?;
        let deliveries = deliveries(vendor)?;
        println!("{}: {} deliveries in canonical spelling", vendor.name(), deliveries.len());
        let bodies: Vec<_> = deliveries.iter().map(|(_, body)| body).collect();
        fs::write(work.join("deliveries.json"), serde_json::to_string(&deliveries)?)?;
        let document = vendor.crate_root().join("schema").join(super::CANONICAL);
        fs::copy(&document, work.join("canonical.json"))?;

        let python = folder.join("py/bin");
        succeed(Command::new(python.join("datamodel-codegen")).current_dir(&work).args([
            "--input",
            "canonical.json",
            "--input-file-type",
            "openapi",
            "--output",
            "models.py",
            "--output-model-type",
            "pydantic_v2.BaseModel",
            "--disable-timestamp",
        ]))?;
        fs::write(work.join("check.py"), PYTHON)?;
        succeed(Command::new(python.join("python")).current_dir(&work).arg("check.py"))?;

        let node = folder.join("node_modules/.bin");
        succeed(Command::new(node.join("openapi-typescript")).current_dir(&work).args([
            "canonical.json",
            "--output",
            "types.d.ts",
        ]))?;
        // Through a function, because TypeScript rejects unknown keys in a literal.
        let mut typed = String::from(
            "import type { components } from \"./types\";\n\
             const take = <T extends components[\"schemas\"][\"Delivery\"]>(delivery: T): T => delivery;\n",
        );
        for body in &bodies {
            writeln!(typed, "take({body});")?;
        }
        fs::write(work.join("typed.ts"), typed)?;
        let strict = ["--strict", "--noEmit", "--skipLibCheck", "--typeRoots", "none", "typed.ts"];
        succeed(Command::new(node.join("tsc")).current_dir(&work).args(strict))?;
        println!("  openapi-typescript: tsc takes {} of {}", bodies.len(), bodies.len());

        succeed(Command::new(node.join("quicktype")).current_dir(&work).args([
            "--src-lang",
            "schema",
            "--lang",
            "typescript",
            "--top-level",
            "Delivery",
            "--out",
            "quick.ts",
            "canonical.json#/components/schemas/Delivery",
        ]))?;
        fs::write(work.join("check.ts"), QUICKTYPE)?;
        let compiled = [
            "--skipLibCheck",
            "--module",
            "commonjs",
            "--target",
            "es2020",
            "--outDir",
            "js",
            "--typeRoots",
            "none",
        ];
        succeed(
            Command::new(node.join("tsc")).current_dir(&work).args(compiled).args(["quick.ts", "check.ts"]),
        )?;
        succeed(Command::new("node").current_dir(&work).arg("js/check.js"))?;
    }
    Ok(())
}

fn install(folder: &Path) -> Result<()> {
    fs::create_dir_all(folder)?;
    if !folder.join("py/bin/datamodel-codegen").exists() {
        succeed(Command::new("python3").current_dir(folder).args(["-m", "venv", "py"]))?;
        let packages = ["install", "--quiet", "datamodel-code-generator", "pydantic>=2"];
        succeed(Command::new(folder.join("py/bin/pip")).args(packages))?;
    }
    if !folder.join("node_modules/.bin/quicktype").exists() {
        let packages = ["install", "--silent", "openapi-typescript", "typescript@5", "quicktype"];
        succeed(Command::new("npm").current_dir(folder).args(packages))?;
    }
    Ok(())
}

/// Every fixture that decodes, as its types write it, unless it comes in an older form that the document leaves out.
fn deliveries(vendor: Vendor) -> Result<Vec<(String, Value)>> {
    let document = vendor.crate_root().join("schema").join(super::CANONICAL);
    let mut schema: Value = serde_json::from_str(&fs::read_to_string(document)?)?;
    // The canonical spelling has no unknown keys.
    let components = schema.pointer_mut("/components/schemas").and_then(Value::as_object_mut);
    let components = components.context("the canonical document has no components")?;
    for component in components.values_mut().filter(|component| component.get("properties").is_some()) {
        if let Some(component) = component.as_object_mut() {
            component.insert("additionalProperties".to_owned(), Value::Bool(false));
        }
    }
    let document = schema.as_object_mut().context("the canonical document is no object")?;
    document.insert("$ref".to_owned(), Value::String("#/components/schemas/Delivery".to_owned()));
    let schema = jsonschema::draft202012::new(&schema).context("the canonical document is no schema")?;
    let mut found = Vec::new();
    for fixture in vendor.fixtures()? {
        let name = format!("{}/{}", fixture.event, fixture.case);
        let Ok(webhook) = AnyWebhook::from_slice(vendor, &fs::read(vendor.path(&fixture))?) else { continue };
        if webhook.info().is_none() {
            continue;
        }
        let body = serde_json::to_value(&webhook)?;
        if schema.is_valid(&body) {
            found.push((name, body));
        } else {
            println!("  older form: {name}");
        }
    }
    Ok(found)
}
