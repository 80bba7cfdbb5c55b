//! The built files of `front/` are embedded in the binary: says how to make them when they are not there.

fn main() {
    println!("cargo:rerun-if-changed=../../front/dist");
    if !std::path::Path::new("../../front/dist/site.css").exists() {
        println!("cargo::error=front/dist is missing: run `cargo xtask setup` once (it needs Node), then build again");
    }
}
