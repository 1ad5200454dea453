import ParryService

/// Details of the audit log that a form's own fields do not tell.
enum AuditDetail {
    /// Has the line of what is being done say this in place of the form's fields.
    static func say(_ members: [FormMember]) {
        AuditNote.current?.describe(String(decoding: FormJSON.bytes(members), as: UTF8.self))
    }
}
