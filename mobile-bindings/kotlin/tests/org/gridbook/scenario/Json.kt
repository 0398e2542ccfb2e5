package org.gridbook.scenario

import com.google.gson.JsonArray
import com.google.gson.JsonElement
import com.google.gson.JsonNull
import com.google.gson.JsonObject
import com.google.gson.JsonPrimitive
import org.gridbook.core.BookException
import org.gridbook.core.Due
import org.gridbook.core.FindingRow
import org.gridbook.core.Form
import org.gridbook.core.FormPlace
import org.gridbook.core.Order
import org.gridbook.core.Point
import org.gridbook.core.ShopQuery
import org.gridbook.core.Value
import java.lang.reflect.Modifier

/** A typed answer as the JSON that the facade itself gives. */
internal fun told(value: Any?): JsonElement = when (value) {
    null, Unit -> JsonNull.INSTANCE
    is JsonElement -> value
    is Boolean -> JsonPrimitive(value)
    is String -> JsonPrimitive(value)
    is Number -> JsonPrimitive(value)
    is UShort -> JsonPrimitive(value.toInt())
    is UInt -> JsonPrimitive(value.toLong())
    is ULong -> JsonPrimitive(value.toLong())
    is Enum<*> -> JsonPrimitive(value.name.lowercase().replace('_', '-'))
    is List<*> -> JsonArray().apply { value.forEach { add(told(it)) } }
    is Map<*, *> -> JsonObject().apply { value.forEach { (key, each) -> add(key as String, told(each)) } }
    is Value -> bare(value)
    is FormPlace.Grid -> JsonObject().apply { addProperty("grid", value.grid) }
    is FormPlace.With -> JsonObject().apply { addProperty("with", value.record) }
    // A finding is a row with more: one object in JSON.
    is FindingRow -> members(value).apply { remove("row").asJsonObject.entrySet().forEach { (name, each) -> add(name, each) } }
    else -> members(value)
}

private fun members(value: Any): JsonObject = JsonObject().apply {
    val fields = value.javaClass.declaredFields.filter { !Modifier.isStatic(it.modifiers) }
    check(fields.isNotEmpty()) { "nothing is known of ${value.javaClass}" }
    for (field in fields) {
        field.isAccessible = true
        add(SHORTER[field.name] ?: snake(field.name), told(field.get(value)))
    }
}

private fun bare(value: Value): JsonElement = when (value) {
    is Value.Null -> JsonNull.INSTANCE
    is Value.Flag -> JsonPrimitive(value.value)
    is Value.Number -> JsonPrimitive(value.value)
    is Value.Decimal -> JsonPrimitive(value.value)
    is Value.Text -> JsonPrimitive(value.value)
    is Value.Place -> told(value.value)
}

// `type` is a word of some languages.
private val SHORTER = mapOf("fieldType" to "type", "taskType" to "type", "findingClass" to "class")

private fun snake(name: String): String = name.replace(Regex("[A-Z]")) { "_" + it.value.lowercase() }

internal fun told(fault: BookException.Failed): JsonObject = JsonObject().apply {
    add("code", told(fault.code))
    add("words", told(fault.words))
    add("faults", told(fault.faults))
    add("status", told(fault.status))
    add("retry_after_ms", told(fault.retryAfterMs))
}

internal fun JsonObject.text(name: String): String = getValue(name).asString

internal fun JsonObject.textOrNull(name: String): String? = get(name)?.takeUnless { it.isJsonNull }?.asString

internal fun JsonObject.texts(name: String): List<String> = get(name)?.asJsonArray?.map { it.asString }.orEmpty()

internal fun JsonObject.number(name: String): Long? = get(name)?.asLong

private fun JsonObject.getValue(name: String): JsonElement = checkNotNull(get(name)) { "no $name" }

internal fun JsonObject.form(): Form = Form(
    kind = text("kind"),
    record = textOrNull("record"),
    place = getAsJsonObject("place")?.let { place ->
        place.textOrNull("grid")?.let { FormPlace.Grid(it) } ?: FormPlace.With(place.text("with"))
    },
    values = getAsJsonObject("values").entrySet().associate { (key, value) -> key to value(value) },
    added = texts("added"),
    removed = texts("removed"),
)

internal fun JsonObject.query(): ShopQuery = ShopQuery(
    text = textOrNull("text"),
    grid = textOrNull("grid"),
    due = textOrNull("due")?.let { Due.valueOf(it.uppercase()) },
    businessType = textOrNull("business_type"),
    overdue = get("overdue")?.asBoolean,
    findings = get("findings")?.asBoolean,
    here = getAsJsonObject("here")?.let(::point),
    order = textOrNull("order")?.let { Order.valueOf(it.uppercase()) },
    offset = number("offset")?.toULong(),
    limit = number("limit")?.toULong(),
)

private fun point(json: JsonObject): Point = Point(json.get("lat").asInt, json.get("lon").asInt)

private fun value(json: JsonElement): Value = when {
    json.isJsonNull -> Value.Null
    json.isJsonObject -> Value.Place(point(json.asJsonObject))
    json.asJsonPrimitive.isBoolean -> Value.Flag(json.asBoolean)
    json.asJsonPrimitive.isString -> Value.Text(json.asString)
    '.' in json.asString -> Value.Decimal(json.asDouble)
    else -> Value.Number(json.asLong)
}
