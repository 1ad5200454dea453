extension Migration {
    /// What an alert's candidates are judged by stands in their rows, so that no order is read for it; on PostgreSQL, which
    /// reads each row from another page, in the index of the last digits as well.
    ///
    /// A row that was stored before knows no status, and its order is read; a sale that says none has an empty one.
    static let candidates = Migration(
        version: 11, name: "candidates",
        script: """
            ALTER TABLE order_transaction ADD COLUMN authorisation_status TEXT;
            ALTER TABLE order_transaction ADD COLUMN payment_method_type TEXT;
            DROP INDEX order_transaction_last_4;
            CREATE INDEX order_transaction_last_4 ON order_transaction
                (organisation_id, card_last_4, authorised_at, amount, currency, card_bin)
                COVERING (slot, integration_id, order_id, reference_id, card_brand,
                    authorisation_code, acquirer_reference_number, descriptor,
                    authorisation_status, payment_method_type)
                WHERE card_last_4 IS NOT NULL;

            """)
}
