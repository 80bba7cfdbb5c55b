//! What programs read: our own addresses, and those of HSDS.

pub mod hsds;
pub mod lecture;

use kit::routes::Routes;

use crate::Diffusion;

pub fn routes() -> Routes<Diffusion> {
    Routes::new()
        .get("/api/v1/structures", lecture::show_structures)
        .get("/api/v1/services", lecture::show_services)
        .get("/hsds", hsds::show_base)
        .get("/hsds/services", hsds::list_services)
        .get("/hsds/services/{id}", hsds::show_service)
        .get("/hsds/organizations", hsds::list_organizations)
        .get("/hsds/organizations/{id}", hsds::show_organization)
        .get("/hsds/service_at_locations", hsds::list_service_at_locations)
        .get("/hsds/service_at_locations/{id}", hsds::show_service_at_location)
        .get("/hsds/taxonomy_terms", hsds::list_taxonomy_terms)
        .get("/{territoire}/hsds", hsds::show_base)
        .get("/{territoire}/hsds/services", hsds::list_services)
        .get("/{territoire}/hsds/services/{id}", hsds::show_service)
        .get("/{territoire}/hsds/organizations", hsds::list_organizations)
        .get("/{territoire}/hsds/organizations/{id}", hsds::show_organization)
        .get("/{territoire}/hsds/service_at_locations", hsds::list_service_at_locations)
        .get("/{territoire}/hsds/service_at_locations/{id}", hsds::show_service_at_location)
        .get("/{territoire}/hsds/taxonomy_terms", hsds::list_taxonomy_terms)
}
