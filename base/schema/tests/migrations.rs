//! The migrations on both real databases.

#[tokio::test]
async fn migrations_apply_once_on_both_databases() {
    for db in testkit::databases().await {
        let again = schema::migrate(&db, testkit::NOON).await.unwrap();
        assert!(again.is_empty(), "a second run finds nothing to do: {again:?}");
    }
}

#[tokio::test]
async fn a_database_from_a_newer_program_is_refused() {
    for db in testkit::databases().await {
        let tx = db.begin().await.unwrap();
        kit::sql::execute(&tx, "INSERT INTO schema_migration (version, applied_at) VALUES ('29990101000000_futur', 0)", []).await.unwrap();
        tx.commit().await.unwrap();
        let refusal = schema::migrate(&db, testkit::NOON).await.unwrap_err().to_string();
        assert!(refusal.contains("29990101000000_futur"), "{refusal}");
    }
}
