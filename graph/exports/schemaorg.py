"""schema.org: one service of an Open Referral feed as JSON-LD that search engines read.

It is made of the feed's own record, so whatever is withheld there (a contact that nobody has
checked for long, the place of a refuge) is not in it either.
"""

from collections.abc import Iterable, Mapping
from typing import Any

Json = dict[str, Any]

PROFILE = "https://schema.org/"
_DAYS = {
    "MO": "Monday",
    "TU": "Tuesday",
    "WE": "Wednesday",
    "TH": "Thursday",
    "FR": "Friday",
    "SA": "Saturday",
    "SU": "Sunday",
}
_PUBLIC_SECTORS = frozenset(
    {"local authority", "police", "health", "probation and justice", "national government"}
)


def schema_org(service: Mapping[str, Any], iri: str = "") -> Json:
    """A full record of `/services/{id}` as a schema.org Service.

    A service that a public authority provides is a GovernmentService. `iri` names it; the record's
    own IRI does otherwise.
    """
    ours = service.get("fingerpost", {})
    provider = service.get("organization", {})
    sector = provider.get("fingerpost", {}).get("sector")
    channels = [*_channels(service), *_places(service)]
    return _filled(
        {
            # Only the namespace: a context by address would have to be fetched.
            "@context": {"@vocab": PROFILE},
            "@id": iri or ours.get("iri", ""),
            "@type": "GovernmentService" if sector in _PUBLIC_SECTORS else "Service",
            "name": service["name"],
            "alternateName": service.get("alternate_name"),
            "description": service.get("description"),
            "disambiguatingDescription": service.get("alert"),
            "serviceType": _terms(service, "service_type"),
            "audience": [
                {"@type": "Audience", "audienceType": name}
                for name in _terms(service, "client_group")
            ]
            + _ages(service),
            "areaServed": [_area(area) for area in service.get("service_areas", ())],
            "provider": _provider(provider),
            "termsOfService": service.get("fees"),
            "hoursAvailable": [_hours(one) for one in service.get("schedules", ())],
            "availableChannel": channels,
        }
    )


def _filled(record: Mapping[str, Any]) -> Json:
    return {k: v for k, v in record.items() if v not in (None, "", [], {})}


def _terms(service: Mapping[str, Any], kind: str) -> list[str]:
    return sorted(
        {
            a["taxonomy_term"]["name"]
            for a in service.get("attributes", ())
            if a.get("link_type") == kind and "taxonomy_term" in a
        }
    )


def _ages(service: Mapping[str, Any]) -> list[Json]:
    ages = {
        "suggestedMinAge": service.get("minimum_age"),
        "suggestedMaxAge": service.get("maximum_age"),
    }
    given = {k: v for k, v in ages.items() if v is not None}
    return [{"@type": "PeopleAudience", **given}] if given else []


def _area(area: Mapping[str, Any]) -> Json:
    return _filled(
        {
            "@type": "AdministrativeArea",
            "@id": area.get("uri"),
            "name": area.get("name"),
            "identifier": area.get("extent"),
        }
    )


def _provider(provider: Mapping[str, Any]) -> Json:
    if not provider:
        return {}
    return _filled(
        {
            "@type": "Organization",
            "@id": provider.get("fingerpost", {}).get("iri"),
            "name": provider["name"],
            "url": provider.get("website"),
        }
    )


def _hours(schedule: Mapping[str, Any]) -> Json:
    days = [_DAYS[d] for d in str(schedule.get("byday", "")).split(",") if d in _DAYS]
    return _filled(
        {
            "@type": "OpeningHoursSpecification",
            "dayOfWeek": [f"{PROFILE}{day}" for day in days],
            "opens": schedule.get("opens_at"),
            "closes": schedule.get("closes_at"),
        }
    )


def _channels(service: Mapping[str, Any]) -> Iterable[Json]:
    """The telephone, the page and the mailbox by which a service is reached."""
    languages = [
        _filled({"@type": "Language", "name": one.get("name"), "alternateName": one.get("code")})
        for one in service.get("languages", ())
    ]
    reached = [
        {"servicePhone": {"@type": "ContactPoint", "telephone": phone["number"]}}
        for phone in service.get("phones", ())
    ]
    if service.get("url"):
        reached.append({"serviceUrl": service["url"]})
    if service.get("email"):
        reached.append({"servicePhone": {"@type": "ContactPoint", "email": service["email"]}})
    if not reached and languages:
        reached.append({})
    for one in reached:
        yield _filled({"@type": "ServiceChannel", **one, "availableLanguage": languages})


def _places(service: Mapping[str, Any]) -> Iterable[Json]:
    for at in service.get("service_at_locations", ()):
        location = at.get("location", {})
        place = _filled(
            {
                "@type": "Place",
                "name": location.get("name"),
                "address": next((_address(a) for a in location.get("addresses", ())), {}),
                "geo": _filled(
                    {
                        "@type": "GeoCoordinates",
                        "latitude": location["latitude"],
                        "longitude": location["longitude"],
                    }
                )
                if "latitude" in location and "longitude" in location
                else {},
            }
        )
        if len(place) > 1:
            yield {"@type": "ServiceChannel", "serviceLocation": place}


def _address(address: Mapping[str, Any]) -> Json:
    return _filled(
        {
            "@type": "PostalAddress",
            "streetAddress": address.get("address_1"),
            "addressLocality": address.get("city"),
            "addressRegion": address.get("state_province"),
            "postalCode": address.get("postal_code"),
            "addressCountry": address.get("country"),
        }
    )
