/// Bodies of `/v1/organisations` (CONTRACT.md 3).
public enum OrganisationRequest {
    public static let name = Field.text("name", RequestLimits.name, .required)
    public static let create = ObjectSchema("OrganisationCreate", [name.declaration])
    public static let update = ObjectSchema("OrganisationUpdate", [name.declaration])
}

/// Bodies of `/v1/merchants` (CONTRACT.md 4).
public enum MerchantRequest {
    public static let organisationID = Field.identifier(
        "organisation_id", RequestLimits.reference, .required)
    public static let name = Field.text("name", RequestLimits.name, .required)
    public static let type = Field.word("type", words(MerchantType.self), .required)
    public static let externalID = Field.identifier("external_id", 0...250)
    public static let defaultRepresentmentServiceType = Field.word(
        "default_representment_service_type", words(RepresentmentServiceType.self))
    public static let create = ObjectSchema(
        "MerchantCreate",
        [
            organisationID.declaration, name.declaration, type.declaration, externalID.declaration,
            defaultRepresentmentServiceType.declaration,
        ])

    /// The same members where a PATCH may leave them out.
    public static let newName = Field.text("name", RequestLimits.name, .nonNull)
    public static let newType = Field.word("type", words(MerchantType.self), .nonNull)
    public static let update = ObjectSchema(
        "MerchantUpdate",
        [
            newName.declaration, newType.declaration, externalID.declaration,
            defaultRepresentmentServiceType.declaration,
        ])
}

/// Bodies of `/v1/integrations` (CONTRACT.md 6).
public enum IntegrationRequest {
    public static let organisationID = Field.identifier(
        "organisation_id", RequestLimits.reference, .required)
    public static let name = Field.text("name", RequestLimits.name, .required)
    /// Free here, because another type is the business error `UNSUPPORTED_INTEGRATION_TYPE`.
    public static let type = Field.known(
        "type", [IntegrationType.customOrders.rawValue], .required)
    public static let status = Field.word("status", words(IntegrationStatus.self))
    public static let merchantIDs = Field.identifiers(
        "merchant_ids", RequestLimits.merchants, .required)
    public static let create = ObjectSchema(
        "IntegrationCreate",
        [
            organisationID.declaration, name.declaration, type.declaration, status.declaration,
            merchantIDs.declaration,
        ])

    /// The same members where a PATCH may leave them out.
    public static let newName = Field.text("name", RequestLimits.name, .nonNull)
    public static let newStatus = Field.word(
        "status", words(IntegrationStatus.self), .nonNull)
    public static let newMerchantIDs = Field.identifiers(
        "merchant_ids", RequestLimits.merchants, .nonNull)
    public static let update = ObjectSchema(
        "IntegrationUpdate",
        [newName.declaration, newStatus.declaration, newMerchantIDs.declaration])
}

/// The words of an enumeration, for a declaration.
func words<Word: RawRepresentable<String> & CaseIterable>(_: Word.Type) -> [String] {
    Word.allCases.map(\.rawValue)
}
