/// The body of `POST /v1/simulate/scheme-notices` (CONTRACT.md 14.3). The original's is not public: only
/// the organisation is needed, and what is left out takes a default.
public enum SchemeNoticeSimulationRequest {
    public static let organisationID = Field.identifier(
        "organisation_id", RequestLimits.reference, .required)
    public static let merchantID = Field.identifier("merchant_id", RequestLimits.reference)
    public static let type = Field.word("scheme_notice_type", words(SchemeNoticeType.self))
    public static let fraudType = Field.text("fraud_type", 1...64)
    public static let reportedAt = Field.timestamp("reported_at")
    public static let schema = ObjectSchema(
        "SchemeNoticeSimulation",
        [
            organisationID.declaration, merchantID.declaration, type.declaration,
            fraudType.declaration, reportedAt.declaration,
        ] + SimulationRequest.transaction)
}

/// The body of `POST /v1/simulate/lookups` (CONTRACT.md 14.3), chosen like that of scheme notices.
public enum LookupSimulationRequest {
    public static let organisationID = Field.identifier(
        "organisation_id", RequestLimits.reference, .required)
    /// Spelt as in the original.
    public static let enrolmentID = Field.identifier("enrollment_id", RequestLimits.reference)
    public static let parentID = Field.identifier("parent_lookup_id", RequestLimits.reference)
    public static let type = Field.word("type", words(LookupType.self))
    public static let status = Field.word("lookup_status", words(LookupStatus.self))
    public static let deflectionStatus = Field.word(
        "deflection_status", words(DeflectionStatus.self))
    public static let schema = ObjectSchema(
        "LookupSimulation",
        [
            organisationID.declaration, enrolmentID.declaration, parentID.declaration,
            type.declaration, status.declaration, deflectionStatus.declaration,
        ] + SimulationRequest.transaction)
}
