"""GraphQL for the dashboard: types that only name fields, resolvers that only call `server/queries`."""
