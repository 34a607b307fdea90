use webhook_core::Wire;

#[derive(Wire)]
#[wire(rename = "plan")]
struct Plan {
    title: Option<String>,
}

fn main() {}
