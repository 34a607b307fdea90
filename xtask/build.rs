//! Collects the vendors' delivery rules for `cargo xtask pages`: the names from the sources, the values from the compiler.

use std::error::Error;
use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};

fn main() -> Result<(), Box<dyn Error>> {
    let mut rules = String::new();
    for folder in fs::read_dir("../crates")? {
        let source = folder?.path().join("src/delivery_rules.rs");
        let Ok(text) = fs::read_to_string(&source) else { continue };
        println!("cargo::rerun-if-changed={}", source.display());
        let package = source.ancestors().nth(2).and_then(Path::file_name).unwrap_or_default().display();
        let module = format!("{}::delivery_rules", package.to_string().replace('-', "_"));
        for line in text.lines() {
            let constant = line.strip_prefix("pub const ").and_then(|rest| rest.split_once(':'));
            if let Some((name, _)) = constant {
                writeln!(rules, "(\"{package}\", \"{name}\", in_words(&{module}::{name})),")?;
            }
        }
    }
    let path = Path::new(&env::var("OUT_DIR")?).join("delivery_rules.rs");
    Ok(fs::write(path, format!("[{rules}]"))?)
}
