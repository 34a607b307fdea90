use webhook_core::Wire;

#[derive(Wire)]
#[wire(rename_all = "kebab-case")]
struct Plan {
    title: Option<String>,
}

fn main() {}
