/// Who is invited to sign in to the dashboard.
public enum PersonRequest {
    public static let email = Field.email("email", .required)
    public static let name = Field.text("name", RequestLimits.name, .required)

    public static let invite = ObjectSchema(
        "PersonInvite", [email.declaration, name.declaration])
}
